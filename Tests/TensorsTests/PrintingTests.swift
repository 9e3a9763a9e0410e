import Execution
import Testing

@testable import Tensors

@Suite struct PrintingTests {
  @Test func numbers() {
    #expect(Tensor(2).description == "2")
    #expect(Tensor(0.1).description == "0.1")
    #expect(Tensor(.nan).description == "nan")
  }

  @Test func small() throws {
    #expect(Tensor([1, 2, 30]).description == "tensor [3]  mean 11  std 16.5\n[ 1  2 30]")
    let matrix = Tensor(shape: [2, 2], [0.5, -1, .nan, 2])
    #expect(
      matrix.description == """
        tensor [2, 2]  mean 0.5  std 1.5  1 NaN
        [[ 0.5000 -1.0000]
         [    nan  2.0000]]
        """)
    #expect(try Tensor.zeros([0, 3]).description == "tensor [0, 3]  empty")
  }

  @Test(arguments: [
    [1], [7], [1000], [3, 3], [100, 3], [3, 1000], [64, 16], [2, 3, 4], [10, 10, 10],
    [5, 5, 5, 5], [2, 2, 2, 2, 2, 2], [1, 1, 1], [2000, 2000], [40, 1, 2],
  ])
  func neverTooLarge(_ shape: [Int]) throws {
    var random = RandomStream(seed: 1, purpose: "printing")
    let tensor = try Tensor.normal(shape, using: &random)
    for columns in [40, 80, 200] {
      let lines = tensor.description(columns: columns).split(separator: "\n")
      #expect(lines.count <= Tensor.maximumLines)
      #expect(lines.count >= 2)
      for line in lines { #expect(line.count <= columns, "\(shape) \(columns)") }
    }
  }

  /// Time for what is shown, not for what is there.
  @Test(arguments: [[2, 10_000_000], [20_000_000], [10_000_000, 2], [1000, 2, 10_000]])
  func largeTensorsPrintAtOnce(_ shape: [Int]) throws {
    let tensor = try Tensor.zeros(shape)
    let start = Clock.processor
    for _ in 0..<10 { #expect(tensor.description.utf8.count < 1000) }
    #expect(Clock.processor - start < 0.1)
  }

  @Test func leftOut() throws {
    let text = try Tensor.arange(0, 10_000).reshaped([100, 100]).description(columns: 60)
    #expect(
      text == """
        tensor [100, 100]  mean 5e+03  std 2.89e+03
        [[   0    1    2    3    4 ...   95   96   97   98   99]
         [ 100  101  102  103  104 ...  195  196  197  198  199]
         [ 200  201  202  203  204 ...  295  296  297  298  299]
         [ 300  301  302  303  304 ...  395  396  397  398  399]
         [ 400  401  402  403  404 ...  495  496  497  498  499]
         ...
         [9500 9501 9502 9503 9504 ... 9595 9596 9597 9598 9599]
         [9600 9601 9602 9603 9604 ... 9695 9696 9697 9698 9699]
         [9700 9701 9702 9703 9704 ... 9795 9796 9797 9798 9799]
         [9800 9801 9802 9803 9804 ... 9895 9896 9897 9898 9899]
         [9900 9901 9902 9903 9904 ... 9995 9996 9997 9998 9999]]
        """)
  }
}
