import Execution

extension Figure {
  /// Writes the figure to a file: `.svg`, `.png`, `.pdf` by gnuplot, or `.gp`, the gnuplot script.
  ///
  /// The file is written aside and renamed. A note tells what is left out of the drawing.
  ///
  /// - Throws: `GnuplotMissing` if gnuplot is not installed; a `Failure` for another ending, a file
  ///   that cannot be written, or what gnuplot complains of; `Interrupted`.
  public func save(to path: String, console: any Console) throws {
    try save(to: path, console: console, searchPath: nil)
  }

  /// The same with gnuplot looked for in other folders.
  func save(to path: String, console: any Console, searchPath: String?) throws {
    let format = try FileFormat(ending: path)
    if format == .script {
      try File.writeText(script(drawing: path), to: path)
    } else {
      let gnuplot = try Gnuplot(searchPath: searchPath)
      let bytes = try gnuplot.run(Script.text(of: self, format: format))
      try File.write(format == .svg ? sharpened(bytes) : bytes, to: path)
    }
    if let leftOutNote { console.note(leftOutNote) }
  }

  /// SVG whose pictures viewers do not blur: the cells of a matrix are no photograph.
  private func sharpened(_ bytes: [UInt8]) -> [UInt8] {
    // Text of the user cannot hold the mark: it stands with "&lt;" in SVG.
    let mark = Array("<image ".utf8)
    let addition = Array("image-rendering='optimizeSpeed' style='image-rendering:pixelated' ".utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (place, byte) in bytes.enumerated() {
      result.append(byte)
      guard byte == mark[mark.count - 1], place + 1 >= mark.count else { continue }
      if bytes[(place + 1 - mark.count)...place].elementsEqual(mark) { result += addition }
    }
    return result
  }

  /// The script that draws a PNG file of the same name.
  private func script(drawing path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return Script.text(of: self, format: .script, output: name.dropLast(3) + ".png")
  }
}
