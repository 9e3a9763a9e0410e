/// A drawing of dots, two across and four down in each character.
///
/// Blank places are U+2800, the blank of the same script: a space may have another width.
struct BrailleCanvas {
  /// The character without dots.
  static let blank: Character = "\u{2800}"
  /// The bit of each dot by row and column (Unicode, "Braille Patterns").
  private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  /// Width and height in characters.
  let width: Int
  let height: Int
  private var dots: [UInt8]
  private var inks: [UInt8?]

  init(width: Int, height: Int) {
    self.width = max(width, 1)
    self.height = max(height, 1)
    dots = [UInt8](repeating: 0, count: self.width * self.height)
    inks = [UInt8?](repeating: nil, count: self.width * self.height)
  }

  var dotsAcross: Int { 2 * width }
  var dotsDown: Int { 4 * height }

  /// Sets a dot, counted from the upper left; the last ink colours the whole character.
  mutating func set(_ x: Int, _ y: Int, ink: UInt8? = nil) {
    guard x >= 0, y >= 0, x < dotsAcross, y < dotsDown else { return }
    let place = y / 4 * width + x / 2
    dots[place] |= BrailleCanvas.bits[y % 4][x % 2]
    if let ink { inks[place] = ink }
  }

  /// Sets the dots between two places (Bresenham 1965).
  mutating func line(
    from: (x: Int, y: Int), to: (x: Int, y: Int), ink: UInt8? = nil
  ) {
    let across = abs(to.x - from.x)
    let down = -abs(to.y - from.y)
    var (x, y) = from
    var error = across + down
    while true {
      set(x, y, ink: ink)
      if x == to.x && y == to.y { return }
      let twice = 2 * error
      if twice >= down {
        error += down
        x += from.x < to.x ? 1 : -1
      }
      if twice <= across {
        error += across
        y += from.y < to.y ? 1 : -1
      }
    }
  }

  /// The characters.
  var grid: TextGrid {
    var grid = TextGrid(width: width, height: height, filling: BrailleCanvas.blank)
    for row in 0..<height {
      for column in 0..<width {
        let place = row * width + column
        guard dots[place] != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots[place])) else {
          continue
        }
        grid[row, column] = TextCell(character: Character(scalar), ink: inks[place])
      }
    }
    return grid
  }
}
