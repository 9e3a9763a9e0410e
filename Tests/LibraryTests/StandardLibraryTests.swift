import Execution
import Testing

@testable import Language
@testable import Library

/// What `stdlib/` declares, held against the program.
@Suite struct StandardLibraryTests {
  private typealias Definition = (module: String, function: FunctionNode)

  private func definitions() throws -> [Definition] {
    var found: [Definition] = []
    for entry in try LibrarySource.standard().entries {
      let source = Source(name: entry.name, text: entry.text)
      for statement in Parser.parse(source).program.statements {
        if case .function(let node) = statement.kind { found.append((entry.name, node)) }
      }
    }
    return found
  }

  @Test func declarationsAndBodiesMatch() throws {
    let declared = try definitions().filter { $0.function.body == nil }.compactMap(\.function.name)
    let bodies = NativeTable.all.map(\.name)
    #expect(Set(declared).subtracting(bodies).sorted() == [], "declared, but without a body")
    #expect(Set(bodies).subtracting(declared).sorted() == [], "a body, but not declared")
    #expect(Set(declared).count == declared.count, "declared twice")
    #expect(Set(bodies).count == bodies.count, "two bodies")
  }

  @Test func everyPublicFunctionIsDocumented() throws {
    var documented: Set<String> = []
    for (_, function) in try definitions() where function.documentation != nil {
      documented.insert(function.name ?? "")
    }
    // A definition for a further type need not repeat what the first one says.
    let bare = try definitions().filter { _, function in
      guard let name = function.name, function.documentation == nil else { return false }
      return !name.hasPrefix("_") && !documented.contains(name)
    }
    #expect(bare.map { "\($0.module).\($0.function.name ?? "")" } == [])
  }

  @Test func everyTypeIsDocumented() throws {
    for entry in try LibrarySource.standard().entries {
      let source = Source(name: entry.name, text: entry.text)
      for statement in Parser.parse(source).program.statements {
        guard case .type(let node) = statement.kind else { continue }
        #expect(node.documentation != nil || node.name.hasPrefix("_"), "\(entry.name).\(node.name)")
      }
    }
  }

  @Test(arguments: try LibrarySource.standard().entries.map(\.name))
  func moduleLoadsAlone(_ name: String) throws {
    let console = RecordingConsole()
    let session = try LanguagePrograms.session(console)
    #expect(session.evaluate("use \(name)", name: "test", echo: false) == .ok)
    #expect(console.notes == "")
  }

  @Test(arguments: try LibrarySource.standard().entries.map(\.name))
  func examplesOfTheDocumentationHold(_ name: String) throws {
    let entry = try #require(LibrarySource.standard().entries.first { $0.name == name })
    let path = "/tmp/rnr-doctest-\(UInt32.random(in: 0 ... .max))-\(name).rnr"
    try File.writeText(entry.text, to: path)
    let console = RecordingConsole()
    #expect(try LanguagePrograms.session(console).test([path]) == .ok, "\(console.notes)")
  }
}
