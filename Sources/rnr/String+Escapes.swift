extension String {
  /// The text without terminal control sequences (ECMA-48 CSI: `ESC [`, parameters, a final byte).
  var withoutEscapes: String {
    guard utf8.contains(0x1B) else { return self }
    var kept: [UInt8] = []
    var bytes = utf8.makeIterator()
    while let byte = bytes.next() {
      guard byte == 0x1B else {
        kept.append(byte)
        continue
      }
      guard bytes.next() == UInt8(ascii: "[") else { continue }
      while let next = bytes.next(), !(0x40...0x7E).contains(next) {}
    }
    return String(decoding: kept, as: UTF8.self)
  }
}
