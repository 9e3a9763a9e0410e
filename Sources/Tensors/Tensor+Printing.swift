import Execution
import Kernels

extension Tensor: CustomStringConvertible {
  /// The largest count for which a printed tensor states mean and standard deviation.
  public static let maximumSummarized = 1_000_000
  /// The most lines that a printed tensor takes.
  public static let maximumLines = 12

  /// The printed form for 80 columns.
  public var description: String { description(columns: 80) }

  /// The printed form: a header and numbers, at most `lines` in all, cut to fit `columns`.
  ///
  /// Takes time for the numbers shown and for the statistics, which are those of all numbers up to
  /// a million, and beyond of a sample: then `~` stands before them.
  public func description(columns: Int, lines: Int = maximumLines) -> String {
    if rank == 0 { return Tensor.text(of: buffer[0]) }
    if count == 0 { return "tensor \(Tensor.text(of: shape))  empty" }
    let columns = Swift.max(columns, 20)
    let header = header(columns)
    let body = TensorBody(self, columns: columns, lines: Swift.max(lines - header.count, 2))
    return header.joined(separator: "\n") + "\n" + body.text
  }

  /// A number in as few digits as tell it from its neighbours; whole ones without a point.
  public static func text(of number: Float) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Shape and statistics, in a second line what does not fit into the first.
  private func header(_ columns: Int) -> [String] {
    var lines = ["tensor " + Tensor.text(of: shape)]
    for part in statistics {
      let last = lines[lines.count - 1]
      if last.utf8.count + part.utf8.count + 2 <= columns || lines.count == 3 {
        lines[lines.count - 1] = last + "  " + part
      } else {
        lines.append("  " + part)
      }
    }
    return lines.map { String($0.prefix(columns)) }
  }

  /// Mean and deviation of the finite numbers, and how many are not finite.
  private var statistics: [String] {
    guard count > 1 else { return [] }
    let isSample = count > Tensor.maximumSummarized
    let numbers = isSample ? sample : self
    let finite = Tensor.finite(numbers)
    let sign = isSample ? "~" : ""
    var parts: [String] = []
    if finite.count > 0, let mean = try? finite.mean().item {
      parts.append("mean \(sign)\(Text.significant(Double(mean), 3))")
    }
    if finite.count > 1, let std = try? finite.std().item {
      parts.append("std \(sign)\(Text.significant(Double(std), 3))")
    }
    guard finite.count < numbers.count else { return parts }
    let missing = numbers.elements.count { $0.isNaN }
    let infinite = numbers.count - finite.count - missing
    for (number, name) in [(missing, "NaN"), (infinite, "inf")] where number > 0 {
      let share = Text.significant(100 * Double(number) / Double(numbers.count), 2)
      parts.append(isSample ? "~\(share)% \(name)" : "\(number) \(name)")
    }
    return parts
  }

  /// Stretches of numbers evenly over a large tensor, so that few pages of memory are touched.
  private var sample: Tensor {
    let (stretches, length) = (64, 1024)
    let step = count / stretches
    return Tensor(shape: [stretches * length]) { out in
      buffer.read { numbers in
        for place in out.indices { out[place] = numbers[place / length * step + place % length] }
      }
    }
  }

  /// The numbers that are neither NaN nor infinite, as a vector.
  private static func finite(_ tensor: Tensor) -> Tensor {
    let flat = Tensor(shape: [tensor.count], buffer: tensor.buffer)
    // The sum of finite numbers may overflow, so it can tell only that all are finite.
    if let sum = try? flat.sum().item, sum.isFinite { return flat }
    return Tensor(tensor.elements.filter(\.isFinite))
  }
}

/// The numbers of a tensor, aligned, with "..." where some are left out.
private struct TensorBody {
  private let tensor: Tensor
  private let columns: Int
  private let strides: [Int]
  private let maximumLines: Int

  init(_ tensor: Tensor, columns: Int, lines: Int) {
    self.tensor = tensor
    maximumLines = lines
    self.columns = columns
    strides = tensor.strides
  }

  var text: String {
    var lines = tensor.rank == 1 ? vector : array
    if lines.count > maximumLines {
      lines = lines[..<(maximumLines - 1)] + [" ..."]
    }
    return lines.joined(separator: "\n")
  }

  /// Which places of an axis are shown: all, or the first and last `edge` with nil between.
  private static func shown(_ extent: Int, edge: Int) -> [Int?] {
    if extent <= 2 * edge + 1 { return Array(0..<extent) }
    return Array(0..<edge) + [nil] + Array((extent - edge)..<extent)
  }

  // MARK: Rank 1

  private var vector: [String] {
    let probe = TensorBody.shown(tensor.count, edge: 60)
    let width = format(probe.compactMap { $0 }).width
    let perLine = Swift.max(1, (columns - 2) / (width + 1))
    let isWhole = tensor.count <= perLine * maximumLines
    let edge = Swift.max(1, perLine * 3)
    let places = isWhole ? Array(0..<tensor.count) : TensorBody.shown(tensor.count, edge: edge)
    let format = format(places.compactMap { $0 })
    let cells = places.map { place in place.map { format.cell(number($0)) } ?? "..." }
    let lines = stride(from: 0, to: cells.count, by: perLine).map { start in
      cells[start..<Swift.min(start + perLine, cells.count)].joined(separator: " ")
    }
    return lines.enumerated().map { index, line in
      (index == 0 ? "[" : " ") + line + (index == lines.count - 1 ? "]" : "")
    }
  }

  private func number(_ place: Int) -> Float { tensor.buffer[place] }

  private func format(_ places: [Int]) -> NumberFormat { NumberFormat(places.map(number)) }

  // MARK: Rank 2 and more

  private var array: [String] {
    let rowEdge = edge
    let leading = (0..<(tensor.rank - 1)).map { axis in
      TensorBody.shown(tensor.shape[axis], edge: rowEdge)
    }
    var starts = [0]
    for axis in 0..<(tensor.rank - 1) {
      starts = starts.flatMap { start in
        leading[axis].compactMap { $0.map { start + $0 * strides[axis] } }
      }
    }
    let extent = tensor.shape[tensor.rank - 1]
    let places = columnsShown(starts, extent)
    let numbers = starts.flatMap { start in places.compactMap { $0.map { start + $0 } } }
    return lines(axis: 0, start: 0, indent: 0, leading, places, format(numbers))
  }

  /// How many places at each end of the leading axes are shown, so that the lines suffice.
  private var edge: Int {
    for edge in [1_000_000, 5, 4, 3, 2] where rowLines(edge: edge) <= maximumLines {
      return edge
    }
    return 1
  }

  private func rowLines(edge: Int) -> Int {
    var lines = 1
    for axis in (0..<(tensor.rank - 1)).reversed() {
      let extent = tensor.shape[axis]
      if extent <= 2 * edge + 1 {
        lines = lines.multipliedReportingOverflow(by: extent).partialValue
      } else {
        lines = lines * 2 * edge + 1
      }
      if lines > 1000 { return lines }
    }
    return lines
  }

  private func columnsShown(_ starts: [Int], _ extent: Int) -> [Int?] {
    // Wider than the console in any case: not even looked at.
    let whole = extent <= columns ? [extent] : []
    for edge in whole + [10, 8, 6, 5, 4, 3, 2] {
      let kept = TensorBody.shown(extent, edge: edge)
      let numbers = starts.flatMap { start in kept.compactMap { $0.map { start + $0 } } }
      let width = (format(numbers).width + 1) * kept.count + 2 * tensor.rank
      if width <= columns { return kept }
    }
    return TensorBody.shown(extent, edge: 1)
  }

  private func lines(
    axis: Int, start: Int, indent: Int, _ leading: [[Int?]], _ places: [Int?],
    _ format: NumberFormat
  ) -> [String] {
    if axis == tensor.rank - 1 {
      let cells = places.map { place in place.map { format.cell(number(start + $0)) } ?? "..." }
      return ["[" + cells.joined(separator: " ") + "]"]
    }
    var result: [String] = []
    for (index, place) in leading[axis].enumerated() {
      let isLast = index == leading[axis].count - 1
      var block = ["..."]
      if let place {
        block = lines(
          axis: axis + 1, start: start + place * strides[axis], indent: indent + 1, leading,
          places, format)
      }
      for (row, line) in block.enumerated() {
        let opens = index == 0 && row == 0
        let closes = isLast && row == block.count - 1
        result.append((opens ? "[" : " ") + line + (closes ? "]" : ""))
      }
    }
    return result
  }
}

/// One form for all numbers that are shown: whole, with four decimals, or with an exponent.
private struct NumberFormat {
  private enum Form {
    case whole
    case fixed
    case exponent
  }

  private let form: Form
  private(set) var width = 0

  init(_ numbers: [Float]) {
    let finite = numbers.filter(\.isFinite)
    let largest = finite.reduce(0) { Swift.max($0, Swift.abs($1)) }
    let smallest = finite.reduce(Float.infinity) { $1 == 0 ? $0 : Swift.min($0, Swift.abs($1)) }
    if largest < 1e8, finite.allSatisfy({ $0 == $0.rounded() }) {
      form = .whole
    } else if largest >= 1e6 || largest < 1e-3 || (largest >= 1e3 && smallest < 1e-3) {
      form = .exponent
    } else {
      form = .fixed
    }
    for number in numbers { width = Swift.max(width, plain(number).utf8.count) }
  }

  private func plain(_ number: Float) -> String {
    guard number.isFinite else { return Tensor.text(of: number) }
    switch form {
    case .whole: return String(Int(within: -100_000_000...100_000_000, Double(number)))
    case .fixed: return Text.fixed(Double(number), 4)
    case .exponent: return number == 0 ? "0" : Text.significant(Double(number), 4)
    }
  }

  func cell(_ number: Float) -> String {
    let text = plain(number)
    return String(repeating: " ", count: Swift.max(0, width - text.utf8.count)) + text
  }
}
