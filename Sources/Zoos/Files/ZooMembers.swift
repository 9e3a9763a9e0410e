import Execution
import Networks
import Tensors

/// The members of a JSON object, with failures that name the file.
struct ZooMembers {
  var json: JSON
  var path: String

  private func missing(_ name: String, _ expected: String) -> Failure {
    Failure("\"\(path)\" lacks \"\(name)\", or it is not \(expected)")
  }

  func number(_ name: String) throws -> Double {
    guard let value = json[name]?.number else { throw missing(name, "a number") }
    return value
  }

  func count(_ name: String) throws -> Int {
    guard let value = Int(exactly: try number(name)) else { throw missing(name, "a whole number") }
    return value
  }

  func count(_ name: String, _ range: ClosedRange<Int>) throws -> Int {
    let value = try count(name)
    guard range.contains(value) else {
      throw missing(name, "from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func string(_ name: String) throws -> String {
    guard let value = json[name]?.string else { throw missing(name, "a text") }
    return value
  }

  func list(_ name: String) throws -> [JSON] {
    guard let value = json[name]?.elements else { throw missing(name, "a list") }
    return value
  }

  func integers(_ name: String) throws -> [Int] {
    guard let values = json[name]?.wholeNumbers else {
      throw missing(name, "a list of whole numbers")
    }
    return values
  }

  func numbers(_ name: String) throws -> [Double] {
    try list(name).map { value in
      guard let number = value.number else { throw missing(name, "a list of numbers") }
      return number
    }
  }

  func strings(_ name: String) throws -> [String] {
    try list(name).map { value in
      guard let text = value.string else { throw missing(name, "a list of texts") }
      return text
    }
  }

  func boolean(_ name: String) throws -> Bool {
    guard case .bool(let truth)? = json[name] else { throw missing(name, "true or false") }
    return truth
  }

  /// A number of up to 64 bits, which stands as a text.
  func seed(_ name: String) throws -> UInt64 {
    guard let number = UInt64(try string(name)) else { throw missing(name, "a whole number") }
    return number
  }

  /// One of some names.
  func choice(_ name: String, _ choices: [String]) throws -> String {
    let value = try string(name)
    guard choices.contains(value) else {
      throw missing(name, choices.map { "\"\($0)\"" }.joined(separator: " or "))
    }
    return value
  }

  /// One of the names of an enumeration.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) throws -> Choice {
    guard let choice = Choice(rawValue: try choice(name, Choice.allCases.map(\.rawValue))) else {
      throw missing(name, "known")
    }
    return choice
  }

  /// Pairs of step and rate.
  func points(_ name: String) throws -> [Schedule.Point] {
    let points = try list(name).map { pair in
      guard let parts = pair.elements, parts.count == 2, let rate = parts[1].number,
        let step = parts[0].number.flatMap({ Int(exactly: $0) })
      else { throw missing(name, "a list of pairs of step and rate") }
      return (step: step, rate: rate)
    }
    return try Schedule(points).points
  }

  /// The sizes of a net.
  func shape(inputs: Int, outputs: Int) throws -> NetworkShape {
    try NetworkShape(
      cell: try choice("cell"), inputs: inputs, outputs: outputs,
      hidden: try count("hidden", 1...NetworkShape.maximumExtent),
      layers: try count("layers", 1...NetworkShape.maximumLayers))
  }
}
