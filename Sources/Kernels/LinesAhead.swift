/// Numbers that are read soon and may lie beyond the second cache: a line of the cache is touched in every
/// other step of a tile, so that all are near when their turn comes.
///
/// The processor fetches ahead by itself, but no faster than memory gives, and the first tile of a panel reads
/// four times as fast as that: it would wait, and those after it, which read the panel again, would not.
struct LinesAhead {
  /// Numbers of a line.
  static let line = 16

  /// What the next tile touches first.
  private(set) var next: Floats
  private let end: Floats
  /// Takes up what was touched, so that no reading is left out.
  let touched: UnsafeMutablePointer<UInt32>

  init(_ start: Floats, count: Int, touched: UnsafeMutablePointer<UInt32>) {
    (next, end, self.touched) = (start, start + count, touched)
  }

  /// What is left after a tile of so many steps; nil where another one would leave the numbers.
  @inline(__always)
  func after(steps: Int) -> LinesAhead? {
    let touched = steps / 2 &* LinesAhead.line
    var rest = self
    rest.next += touched
    return rest.next + touched <= end ? rest : nil
  }
}
