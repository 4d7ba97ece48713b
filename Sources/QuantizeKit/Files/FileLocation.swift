import CLibrary
import ImageFormats
public import SystemPackage

/// Where bytes come from or go to: a file, or a standard stream.
public enum FileLocation: Hashable, Sendable {
  /// A file.
  case file(FilePath)

  /// Standard input where it is read, standard output where it is written.
  case standardStream

  /// The location that a command-line argument names: `-` is the standard
  /// stream.
  public init(argument: String) {
    self =
      argument == "-" ? .standardStream : .file(FilePath(argument: argument))
  }

  /// The path, if it is a file.
  public var path: FilePath? {
    switch self {
    case .file(let path): path
    case .standardStream: nil
    }
  }

  /// Whether both are the same place, however they are spelt: with `./`,
  /// `folder/..` or a symbolic link in between.
  func isSamePlace(as other: FileLocation) -> Bool {
    self == other || path != nil && path?.place == other.path?.place
  }

  /// What stands behind the last dot of its name, if anything.
  public var pathExtension: String? { path?.extension }

  /// A name for what is made of the file: its own without its ending, or the
  /// command's for the standard stream.
  var title: String { path?.stem ?? Version.name }

  /// The path as messages and reports show it: control characters and bytes
  /// that are not UTF-8 are escaped, and the standard stream is `-`.
  public var displayName: String {
    switch self {
    case .file(let path): path.displayName
    case .standardStream: "-"
    }
  }
}

extension FilePath {
  /// The path that a command-line argument names, byte by byte
  /// (``ArgumentText``).
  public init(argument: String) {
    let bytes = ArgumentText.bytes(argument) + [0]
    self = bytes.withUnsafeBytes {
      $0.withMemoryRebound(to: CInterop.PlatformChar.self) { buffer in
        buffer.baseAddress.map { FilePath(platformString: $0) } ?? FilePath()
      }
    }
  }

  /// A file beside this one, whose name ends in another way.
  ///
  /// - Parameter ending: What stands in place of the last dot and what follows
  ///   it, if there is one.
  /// - Returns: Its path.
  public func beside(ending: String) -> FilePath {
    var path = self
    path.extension = nil
    let bytes = path.withPlatformString { start in
      Array(UnsafeBufferPointer(start: start, count: strlen(start)))
    }
    let rest = ArgumentText.bytes(ending) + [0]
    return (bytes + rest.map { CInterop.PlatformChar(bitPattern: $0) })
      .withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { FilePath(platformString: $0) } ?? path
      }
  }

  /// The path with control characters and bytes that are not UTF-8 escaped, so
  /// that it fills one line and commands no terminal.
  ///
  /// A path has one slash where two were typed; the address of a page, such as
  /// `https://example.org/a.png`, gets its second one back.
  ///
  /// - Complexity: O(length).
  public var displayName: String {
    let text = string
    guard let colon = text.firstIndex(of: ":"),
      text.distance(from: text.startIndex, to: colon) > 1,
      text[..<colon].allSatisfy({ $0.isASCII && $0.isLetter }),
      text[colon...].hasPrefix(":/")
    else { return escaped(text) }
    return escaped(text[...colon] + "/" + text[colon...].dropFirst())
  }
}
