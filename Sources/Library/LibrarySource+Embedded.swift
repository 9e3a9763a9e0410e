import CStdlib
import Execution
import Glibc
import Language

extension LibrarySource {
  /// The library of the program, or the files of the folder that `RNR_STDLIB` names.
  public static func standard() throws -> LibrarySource {
    if let folder = getenv("RNR_STDLIB") { return try files(in: String(cString: folder)) }
    return LibrarySource(
      (0..<rnr_module_count()).map { number in
        let module = rnr_module_at(number)
        return Entry(
          name: String(cString: module.name), text: String(cString: module.text),
          isShared: module.is_shared)
      })
  }

  private static func files(in folder: String) throws -> LibrarySource {
    let names = try File.list(folder).filter { $0.hasSuffix(".rnr") }
    return LibrarySource(
      try names.map { file in
        let name = String(file.dropLast(4))
        return Entry(
          name: name, text: try File.readText("\(folder)/\(file)"), isShared: name != "plot")
      })
  }
}
