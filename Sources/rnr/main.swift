import Execution
import Language
import Library
import Glibc

final class PlainConsole: Console, @unchecked Sendable {
  let style = ConsoleStyle()
  func write(_ text: String) { print(text, terminator: "") }
  func note(_ text: String) { print(text) }
  func ask(_ question: String) throws -> String? { print(question, terminator: ""); return readLine() }
  func progress(_ line: String?) {}
}
let session = Session(console: PlainConsole(), library: try LibrarySource.standard(), natives: NativeTable.all)
let arguments = CommandLine.arguments
if arguments.count > 2, arguments[1] == "-e" {
  print(session.evaluate(arguments[2], name: "<e>", echo: true))
} else if arguments.count > 1 {
  print(session.runScript(try File.readText(arguments[1]), path: arguments[1], arguments: Array(arguments.dropFirst(2))))
}
