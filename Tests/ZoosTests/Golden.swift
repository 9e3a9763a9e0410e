import Execution
import FoundationEssentials

/// Files beside the tests, made with the original implementation.
enum Golden {
  static func path(_ name: String) -> String { File.folder(of: #filePath) + "/golden/" + name }

  static func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(try File.read(path(name))))
  }
}

/// `language.json`: seven tasks, their strings, and what the original accepts.
struct GoldenLanguages: Decodable {
  struct Case: Decodable {
    var description: String
    var text: String
    var isCorrect: Bool
    var isUndefined: Bool

    enum CodingKeys: String, CodingKey {
      case description
      case text
      case isCorrect = "is_correct"
      case isUndefined = "is_undefined"
    }
  }

  struct Task: Decodable {
    var differences: [Int]
    var minimumN: Int
    var maximumN: Int
    var sequences: [String: String]
    var withoutEnd: [Int]
    var accept: [Case]

    enum CodingKeys: String, CodingKey {
      case differences = "occurrence_differences"
      case minimumN = "min_n"
      case maximumN = "max_n_exclusive"
      case sequences
      case withoutEnd = "without_eos"
      case accept
    }
  }

  var tasks: [Task]
}

/// `split.json`: all 216 tasks of the paper, their criterion, and the criterion at the border.
struct GoldenSplit: Decodable {
  struct Counts: Decodable {
    var train: Int
    var eval: Int
    var ood: Int
  }

  var tasks: [[Int]]
  var criterion: [Double]
  var border: Double
  var counts: Counts
}
