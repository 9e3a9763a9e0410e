import Tensors
import Testing

@testable import Autodiff

@Suite struct ShapeTests {
  private func error(
    _ shapes: [[Int]], _ function: @escaping ([Variable]) throws -> Variable
  ) throws -> Double {
    try GradientCheck(shapes: shapes, function).error()
  }

  @Test func shapes() throws {
    #expect(try error([[2, 6]]) { try $0[0].reshaped([3, -1]) } < 2e-4)
    #expect(try error([[2, 1, 3]]) { try $0[0].broadcast(to: [4, 2, 5, 3]) } < 2e-4)
    #expect(try error([[2, 3], [4, 3], [0, 3]]) { try Variable.concat($0) } < 2e-4)
    #expect(try error([[2, 3], [2, 1]]) { try Variable.concat($0, axis: -1) } < 2e-4)
    #expect(try error([[2, 3], [2, 3]]) { try Variable.stack($0, axis: 1) } < 2e-4)
    #expect(try error([[2, 3], [2, 3]]) { try Variable.stack($0, axis: -1) } < 2e-4)
  }

  @Test func gather() throws {
    let index = Tensor(shape: [2, 2], [0, 2, 2, -1])
    #expect(try error([[4, 3]]) { try Variable.gather($0[0], index) } < 2e-4)
    #expect(try error([[4, 2, 3]]) { try Variable.gather($0[0], index) } < 2e-4)
  }

  @Test func selections() throws {
    let indices: [[TensorIndex]] = [
      [.at(1)], [.all, .at(-1)], [.slice(start: 2, stop: 0, step: -1)],
      [.ellipsis, .slice(start: 1, stop: nil, step: 2)], [.newAxis, .all, .newAxis],
      [.positions(Tensor([0, 2, 2]))], [.all, .positions(Tensor(shape: [2, 1], [0, 3]))],
      [.mask(Tensor([1, 0, 1]))], [.positions(Tensor([0, 1])), .positions(Tensor([1, 1]))],
      [.slice(start: 3, stop: 1, step: 1)],
    ]
    for index in indices {
      #expect(try error([[3, 4]]) { try $0[0].selecting(index) } < 2e-4)
      let shape = try TensorSelection(index, in: [3, 4]).shape
      #expect(try error([[3, 4], shape]) { try $0[0].setting(index, to: $0[1]) } < 2e-4)
      #expect(try error([[3, 4], []]) { try $0[0].setting(index, to: $0[1]) } < 2e-4)
    }
  }
}
