import CLibrary
package import SystemPackage

/// A symbolic link among the inputs whose target is an input, too: its output is
/// a link to the target's output.
package struct BatchLink: Hashable, Sendable {
  /// What became of a link.
  enum Outcome {
    /// It is there now.
    case made

    /// It was there.
    case kept
  }

  /// The link that was found.
  package let input: FilePath

  /// The link that is made.
  package let output: FilePath

  /// The output that it leads to.
  package let target: FilePath

  /// A link.
  package init(input: FilePath, output: FilePath, target: FilePath) {
    self.input = input
    self.output = output
    self.target = target
  }

  /// Makes the link, or finds that it is there.
  ///
  /// - Parameter replaces: Whether another file may be replaced.
  /// - Returns: Whether it was made; `nil` where its target is not there.
  /// - Throws: `QuantizeError.outputExists` or `.cannotCreate`.
  func make(replaces: Bool) throws(QuantizeError) -> Outcome? {
    guard (try? target.stat()) != nil else { return nil }
    try FolderMaker.make(output.folder)
    let text = relativeTarget
    if Self.text(of: output) == text { return .kept }
    if (try? output.stat(followTargetSymlink: false)) != nil {
      guard replaces else { throw .outputExists(output) }
      let new = output.folder.appending(
        TemporaryFiles.prefix + "link-\(getpid())")
      try Self.link(new, to: text)
      if let error = FileNaming.rename(new, to: output) {
        new.withPlatformString { _ = unlink($0) }
        throw .cannotCreate(output, reason: error.description)
      }
      return .made
    }
    try Self.link(output, to: text)
    return .made
  }

  private static func link(
    _ path: FilePath, to text: FilePath
  ) throws(QuantizeError) {
    let status = text.withPlatformString { text in
      path.withPlatformString { symlink(text, $0) }
    }
    guard status == 0 else {
      throw .cannotCreate(
        path, reason: Errno(rawValue: errno).description)
    }
  }

  /// Where a link leads; `nil` of all that is no link.
  private static func text(of path: FilePath) -> FilePath? {
    path.withPlatformString { path in
      var bytes = [CInterop.PlatformChar](repeating: 0, count: 4_097)
      let count = readlink(path, &bytes, bytes.count - 1)
      return count > 0 ? FilePath(platformString: bytes) : nil
    }
  }

  /// The target as seen from the link's folder, so that the output folder can be
  /// moved.
  private var relativeTarget: FilePath {
    guard let from = output.folder.resolved,
      let folder = target.folder.resolved, let name = target.lastComponent
    else { return target }
    let start = Array(from.components)
    let end = Array(folder.components)
    let shared = zip(start, end).prefix { $0 == $1 }.count
    var path = FilePath()
    for _ in shared..<start.count { path.append("..") }
    for component in end[shared...] { path.append(component) }
    path.append(name)
    return path
  }
}
