import Execution
import Glibc

/// The room on disk that a zoo takes.
struct ZooRoom {
  private let folder: String
  private let settings: ZooSettings
  /// Bytes of all its files.
  let size: Int
  /// Bytes of them that the disk has yet to give: holes and what is not written.
  let missing: Int
  /// Bytes that the disk of the folder has left; nil if it does not tell.
  let free: Int?

  /// The room of a zoo of these settings in a folder that is there.
  init(_ folder: String, _ settings: ZooSettings) throws {
    self.folder = folder
    self.settings = settings
    let layout = try settings.layout()
    var size = 0
    var missing = 0
    for (file, bytes) in try layout.files.map({ ($0.name, try $0.fileSize(rows: layout.rows)) })
      + [(ZooJournal.file, JournalForm(settings).size)]
    {
      var information = stat()
      let isThere = stat(folder + "/" + file, &information) == 0
      size += bytes
      missing += max(0, bytes - (isThere ? Int(information.st_blocks) * 512 : 0))
    }
    self.size = size
    self.missing = missing
    var disk = statvfs()
    free = statvfs(folder, &disk) == 0 ? Int(disk.f_bavail) * Int(disk.f_frsize) : nil
  }

  /// Throws if the disk has too little room left.
  func check() throws {
    guard let free, free < missing else { return }
    throw Failure(
      "the zoo in \"\(folder)\" takes \(Text.bytes(size)), of which \(Text.bytes(missing)) are yet "
        + "to be found, but the disk has \(Text.bytes(free)) left", at: .keyword("path"),
      hint: "take a folder on another disk, or fewer runs, rollouts or snapshots")
  }

  /// What the zoo will be: `"zoos/tour": 216 runs, 864 nets, 12.1 MB`.
  var text: String {
    "\"\(folder)\": \(Text.count(settings.runs, "run")), "
      + "\(Text.count(settings.rowCount, "net")), \(Text.bytes(size))"
      + (free.map { " (the disk has \(Text.bytes($0)) left)" } ?? "")
  }
}
