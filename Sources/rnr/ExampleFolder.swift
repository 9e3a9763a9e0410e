import Execution
import Glibc
import Synchronization

/// A folder of its own in which the examples of a file run, so that what they write harms nothing.
///
/// It holds links to all that lies in the current folder and beside the file: examples find what
/// they read, and what they write by a name that is there, or in a folder that is there, takes the place
/// of links alone.
enum ExampleFolder {
  /// Does something in such a folder, which is gone afterwards.
  static func run(for path: String, _ body: () throws -> Void) throws {
    let here = try current()
    let beside = absolute(File.folder(of: path), in: here)
    let folder = try make()
    defer { remove(folder) }
    for source in [here, beside] {
      for name in (try? File.list(source)) ?? [] {
        _ = symlink("\(source)/\(name)", "\(folder)/\(name)")
      }
    }
    File.replacesLinks.store(true, ordering: .relaxed)
    defer { File.replacesLinks.store(false, ordering: .relaxed) }
    guard chdir(folder) == 0 else { throw File.problem("cannot enter the folder", folder) }
    defer { _ = chdir(here) }
    try body()
  }

  private static func current() throws -> String {
    guard let here = getcwd(nil, 0) else { throw File.problem("cannot find the folder", ".") }
    defer { free(here) }
    return String(cString: here)
  }

  private static func absolute(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") ? path : "\(folder)/\(path)"
  }

  private static func make() throws -> String {
    let place = Environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(place)/rnr-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw File.problem("cannot make a folder in", place) }
    return template.withUnsafeBufferPointer { text in
      text.baseAddress.map { String(cString: $0) } ?? place
    }
  }

  /// Removes a folder with all in it; links are removed, and what they lead to stays.
  private static func remove(_ path: String) {
    var information = stat()
    guard lstat(path, &information) == 0 else { return }
    guard information.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in (try? File.list(path)) ?? [] { remove("\(path)/\(name)") }
    rmdir(path)
  }
}
