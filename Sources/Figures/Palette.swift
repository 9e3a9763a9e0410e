import Execution

/// A colour by its red, green and blue, each 0 to 255.
struct Colour: Equatable {
  let red: Int
  let green: Int
  let blue: Int

  init(_ hexadecimal: Int) {
    red = hexadecimal >> 16 & 255
    green = hexadecimal >> 8 & 255
    blue = hexadecimal & 255
  }

  init(red: Int, green: Int, blue: Int) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The colour as gnuplot and SVG write it.
  var text: String {
    let number = String(red << 16 | green << 8 | blue, radix: 16)
    return "#" + String(repeating: "0", count: 6 - number.count) + number
  }

  /// The nearest colour of the 6 x 6 x 6 cube of a terminal's 256 colours.
  var terminal: UInt8 {
    let levels = [0, 95, 135, 175, 215, 255]
    func nearest(_ value: Int) -> Int {
      levels.indices.min { abs(levels[$0] - value) < abs(levels[$1] - value) } ?? 0
    }
    return UInt8(16 + 36 * nearest(red) + 6 * nearest(green) + nearest(blue))
  }

  /// Whether black text reads better on it than white text.
  var isBright: Bool { 299 * red + 587 * green + 114 * blue > 140_000 }
}

/// The colours of figures.
enum Palette {
  /// Colours of categories, told apart by most people with a colour vision deficiency; the first
  /// ones after Okabe and Ito.
  static let categories = [
    0x00_72b2, 0xd5_5e00, 0x00_9e73, 0xcc_79a7, 0xe6_9f00, 0x56_b4e9, 0x7f_3c8d, 0x8c_564b,
    0x66_6666, 0xb3_b300,
  ].map { Colour($0) }

  /// Nine places of the colour map "viridis" (van der Walt and Smith, 2015), dark to bright.
  static let viridis = [
    0x44_0154, 0x47_2d7b, 0x3b_528b, 0x2c_728e, 0x21_918c, 0x28_ae80, 0x5e_c962, 0xad_dc30,
    0xfd_e725,
  ].map { Colour($0) }

  /// The colour of category `index`.
  static func category(_ index: Int) -> Colour { categories[index % categories.count] }

  /// The colour of a share from 0 to 1.
  static func continuous(_ share: Double) -> Colour {
    let place = min(max(share, 0), 1) * Double(viridis.count - 1)
    let below = min(Int(place), viridis.count - 2)
    let rest = place - Double(below)
    let (from, to) = (viridis[below], viridis[below + 1])
    func mix(_ a: Int, _ b: Int) -> Int { Int((Double(a) + rest * Double(b - a)).rounded()) }
    return Colour(
      red: mix(from.red, to.red), green: mix(from.green, to.green), blue: mix(from.blue, to.blue))
  }

  /// The grey out of a terminal's 24 for a share from 0 to 1.
  static func terminalGrey(_ share: Double) -> UInt8 {
    UInt8(232 + Int((min(max(share, 0), 1) * 23).rounded()))
  }

  /// Signs that tell categories apart where there is no colour: the first characters of the names
  /// if they differ, else letters.
  static func marks(_ names: [String]) -> [Character] {
    let initials = names.compactMap(\.first).filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    if initials.count == names.count, Set(initials).count == names.count { return initials }
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return names.indices.map { $0 < letters.count ? letters[$0] : "*" }
  }
}
