import CLibrary
package import SystemPackage

extension FilePath {
  /// The path without symbolic links, `.` and `..`; `nil` where nothing is.
  package var resolved: FilePath? {
    withPlatformString { path in
      guard let resolved = realpath(path, nil) else { return nil }
      defer { free(resolved) }
      return FilePath(platformString: resolved)
    }
  }

  /// The path without symbolic links, `.` and `..`, also where nothing is yet;
  /// two paths with the same place are one file.
  var place: FilePath {
    if let resolved { return resolved }
    guard let name = lastComponent, name.kind == .regular,
      let folder = folder.resolved
    else { return lexicallyNormalized() }
    return folder.appending(name)
  }

  /// Whether it is a symbolic link.
  var isLink: Bool {
    (try? stat(followTargetSymlink: false))?.type == .symbolicLink
  }

  /// The path as a text that no other path has: bytes that are not UTF-8, and
  /// the percent sign, are written as `%` and two hex digits.
  package var encodedText: String {
    var bytes = withPlatformString { start in
      Array(UnsafeBufferPointer(start: start, count: strlen(start)))
    }.map { UInt8(bitPattern: $0) }[...]
    var text = ""
    while let byte = bytes.first {
      // A character has at most four bytes.
      let length = (1...4).first { count in
        String(validating: bytes.prefix(count), as: UTF8.self) != nil
      }
      if let length, byte != UInt8(ascii: "%") {
        text += String(decoding: bytes.prefix(length), as: UTF8.self)
        bytes = bytes.dropFirst(length)
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        bytes = bytes.dropFirst()
      }
    }
    return text
  }

  /// The path without its last component; `.` where it has one only.
  var folder: FilePath {
    let folder = removingLastComponent()
    return folder.isEmpty ? "." : folder
  }
}
