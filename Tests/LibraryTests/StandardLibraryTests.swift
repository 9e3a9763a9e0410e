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

  @Test func everythingPublicHasASummaryAndAnExample() throws {
    #expect(Reference(try LibrarySource.standard()).gaps == [])
  }

  @Test func everyModuleHasASubjectAndTheGuideNamesWhatThereIs() throws {
    #expect(Reference(try LibrarySource.standard()).strays == [])
  }

  /// What a type's definition says stands behind the examples of the one before, in prose.
  @Test func definitionsForTypesHaveTheirOwnPart() throws {
    let text = """
      ## Things.
      ##
      ## - `rate`: how fast.

      ## Of anything.
      ## > f(1)
      ## 1
      fn f(x, rate=1) = x

      ## Of a list, by place.
      ##
      ## - `from`: where it begins.
      fn f(x: list, from=0, rate=2) = x
      """
    let entry = LibrarySource.Entry(name: "things", text: text, isShared: true)
    let page = Reference(LibrarySource([entry])).markdown
    #expect(
      page.hasSuffix(
        """
        ### `f`

        ```
        fn f(x, rate=1)
        ```

        Of anything.

        | parameter | default | meaning |
        | --- | --- | --- |
        | `rate` | `1` | how fast |

        ```
        > f(1)
        1
        ```

        ```
        fn f(x: list, from=0, rate=2)
        ```

        Of a list, by place.

        | parameter | default | meaning |
        | --- | --- | --- |
        | `from` | `0` | where it begins |
        | `rate` | `2` | how fast |

        """))
  }

  @Test func referenceIsUpToDate() throws {
    let folder = File.folder(of: File.folder(of: File.folder(of: #filePath)))
    let written = try File.readText(folder + "/docs/REFERENCE.md")
    let current = Reference(try LibrarySource.standard()).markdown
    #expect(written == current, "docs/REFERENCE.md is out of date: make docs")
  }

  @Test(arguments: try LibrarySource.standard().entries.map(\.name))
  func moduleLoadsAlone(_ name: String) throws {
    let console = RecordingConsole()
    let session = try LanguagePrograms.session(console)
    #expect(session.evaluate("use \(name)", name: "test", echo: false) == .ok)
    #expect(console.notes == "")
  }
}
