import ImageFormats
import PaletteFiles
import QuantizeKit
import SystemPackage

/// Names of outputs on the command line.
enum OutputArgument {
  /// The file that an option names.
  ///
  /// - Parameters:
  ///   - name: The name, if the option is given.
  ///   - option: The option.
  /// - Returns: Its place; `nil` where the option is not given.
  /// - Throws: `QuantizeError.usage` where the name is empty, `.cannotCreate`
  ///   where it is that of a folder.
  static func file(
    _ name: String?, of option: String
  ) throws(QuantizeError) -> FileLocation? {
    guard let name else { return nil }
    guard !name.isEmpty else {
      throw .usage("the file name of \(option) is empty")
    }
    guard name.last != "/" else {
      let path = FilePath(argument: name)
      let isThere = (try? path.stat().type) == .directory
      throw .cannotCreate(
        path,
        reason: isThere
          ? "this is a folder; name a file in it"
          : "there is no such folder; make it, and name a file in it")
    }
    return FileLocation(argument: name)
  }

  /// A file of one format, whose name ends as such files do or has no ending.
  ///
  /// - Parameters:
  ///   - name: The name, if the option is given.
  ///   - option: The option.
  ///   - kind: What is written, such as `a PNG`.
  ///   - endings: The endings that are allowed, without the dot.
  /// - Returns: Its place; `nil` where the option is not given.
  /// - Throws: `QuantizeError.usage` or `.cannotCreate`.
  static func file(
    _ name: String?, of option: String, writing kind: String,
    endings: [String]
  ) throws(QuantizeError) -> FileLocation? {
    guard let location = try file(name, of: option) else { return nil }
    if let ending = location.pathExtension,
      !endings.contains(ending.lowercased())
    {
      throw .usage(
        "\(option) writes \(kind); let \(location.displayName) end in "
          + TextList.or(endings.map { ".\($0)" }))
    }
    return location
  }

  /// A palette, whose format is that of the ending; JSON without one.
  ///
  /// - Throws: `QuantizeError.usage` or `.cannotCreate`.
  static func palette(
    _ name: String?, of option: String
  ) throws(QuantizeError) -> (location: FileLocation, format: PaletteFormat)? {
    guard let location = try file(name, of: option) else { return nil }
    guard let ending = location.pathExtension else { return (location, .json) }
    do {
      return (location, try PaletteFormat.format(forEnding: ending))
    } catch {
      throw .usage("\(option): \(location.displayName): \(error.message)")
    }
  }

  /// Refuses to write an image to a terminal.
  ///
  /// - Throws: `QuantizeError.usage`.
  static func checkTerminal(
    _ location: FileLocation?, option: String
  ) throws(QuantizeError) {
    if location == .standardStream, Terminal.outputIsTerminal {
      throw .usage(
        "an image would be written to the terminal; name a file with \(option)")
    }
  }
}
