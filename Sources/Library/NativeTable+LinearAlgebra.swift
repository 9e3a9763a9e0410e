import Execution
import Language
import Tensors

extension NativeTable {
  static let linearAlgebra: [NativeFunction] = [
    NativeFunction("svd") { call in
      try call.requireConstant(0)
      let (u, s, right) = try call.tensor(0).svd()
      return .tuple([.tensor(u), .tensor(s), .tensor(try right.transposed())])
    },
    NativeFunction("pca") { call in
      try call.requireConstant(0)
      let count = try call.integer(1, 1...1_000_000)
      let found = try call.tensor(0).pca(components: count)
      if found.rank < count {
        try call.warn(
          "the rows of `pca` differ in \(found.rank == 1 ? "1 direction" : "\(found.rank) directions")"
            + ": the other \(count - found.rank == 1 ? "column is" : "columns are") 0",
          hint: "ask for dimensions=\(max(found.rank, 1))")
      }
      return .tensor(found.scores)
    },
    NativeFunction("solve") { call in .variable(try call.variable(0).solve(try call.variable(1))) },
  ]
}
