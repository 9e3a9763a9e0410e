import Foundation

@testable import Interrogation

/// A case of the files in `cases`: a table or a generator, with the quantities expected.
struct TheoryCase: Sendable, CustomStringConvertible {
  let name: String
  let table: [[String]]?
  let generator: (family: String, values: [Int])?
  let prior: [String]?
  let functions: Int
  let queries: Int
  let numbers: [String: Int]
  let lists: [String: [Int]]
  let texts: [String: String]
  let pairs: [[Int]]

  var description: String { name }

  init(_ json: [String: Any]) {
    name = json["name"] as? String ?? "?"
    prior = json["prior"] as? [String]
    functions = json["functions"] as? Int ?? 0
    queries = json["queries"] as? Int ?? 0
    if let rows = json["rows"] as? [String] {
      table = rows.map { $0.map { String($0) } }
    } else {
      table = (json["table"] as? [[Any]])?.map { $0.map { "\($0)" } }
    }
    generator = (json["generator"] as? [String: Any]).map { generator in
      (
        generator["family"] as? String ?? "",
        ["n", "d", "k", "m"].compactMap { generator[$0] as? Int }
      )
    }
    let expected = json["expected"] as? [String: Any] ?? [:]
    numbers = expected.compactMapValues { $0 as? Int }
    lists = expected.compactMapValues { $0 as? [Int] }
    texts = expected.compactMapValues { $0 as? String }
    pairs = expected["pairs"] as? [[Int]] ?? []
  }

  func makeSet() throws -> FunctionSet {
    if let generator { return try Family.make(generator.family, generator.values) }
    return try FunctionSet(table ?? [])
  }

  /// The cases of a file.
  static func load(_ file: String) -> [TheoryCase] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let path = folder.appendingPathComponent("cases/" + file)
    guard let data = try? Data(contentsOf: path),
      let json = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = json["cases"] as? [[String: Any]]
    else { return [] }
    return cases.map(TheoryCase.init)
  }
}
