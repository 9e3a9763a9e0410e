import Language

/// The bodies of all functions that `stdlib/` declares as `native fn`.
public enum NativeTable {
  /// Every native function of the program.
  public static let all: [NativeFunction] =
    basics + texts + collections + parts + ordering + sampling + tables + tensors.map(\.stoppable)
    + gradients + optimisers + files + system + networks + probing + languages + digits + zoos
    + interrogation + figures

  /// What only computes with tensors.
  private static let tensors = creation + arithmetic + reductions + shapes + linearAlgebra
}
