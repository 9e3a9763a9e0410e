import Execution
import Language
import Tensors

extension NativeTable {
  static let linearAlgebra: [NativeFunction] = [
    NativeFunction("svd") { call in
      let (u, s, right) = try constant(call, "svd").svd()
      return .tuple([.tensor(u), .tensor(s), .tensor(try right.transposed())])
    },
    NativeFunction("pca") { call in
      .tensor(try constant(call, "pca").pca(components: try call.integer(1, 1...1_000_000)).scores)
    },
    NativeFunction("solve") { call in .variable(try call.variable(0).solve(try call.variable(1))) },
  ]

  /// The argument of a function that has no gradient.
  ///
  /// - Throws: `Failure` inside a gradient, where a result that is constant would pass unseen.
  private static func constant(_ call: Arguments, _ name: String) throws -> Tensor {
    let x = try call.variable(0)
    guard !x.isTraced else {
      throw Failure(
        "no gradient flows through `\(name)`", at: .position(0),
        hint: "detach(x) is x as a constant")
    }
    return x.value
  }
}
