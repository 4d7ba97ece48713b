import SystemPackage

/// An output of a job that is not created yet.
package struct PlannedOutput {
  /// What an output is on the disk.
  package enum Kind {
    /// A file, a device or standard output.
    case file

    /// A regular file, since its writer goes back and forth.
    case seekableFile

    /// A new folder.
    case folder
  }

  /// What it holds.
  let name: OutputName

  /// Where it goes.
  let location: FileLocation

  /// What it is on the disk.
  var kind = Kind.file

  /// An output; `nil` where it is not wanted.
  package init?(
    _ name: OutputName, _ location: FileLocation?, _ kind: Kind = .file
  ) {
    guard let location else { return nil }
    self.name = name
    self.location = location
    self.kind = kind
  }

  /// Refuses outputs that would mix with or replace each other.
  ///
  /// - Throws: `QuantizeError.usage`.
  package static func checkDistinct(
    _ outputs: [PlannedOutput]
  ) throws(QuantizeError) {
    try FileLocation.checkDistinct(outputs.map(\.location))
  }

  /// Checks that the output can be created.
  ///
  /// - Parameters:
  ///   - reading: What is read, and is only replaced by its own image.
  ///   - replaces: Whether an existing file may be replaced.
  ///   - temporaryPrefix: How the name of its temporary file begins.
  /// - Returns: The output, of which nothing is written yet.
  /// - Throws: `QuantizeError.usage`, `.outputExists`, `.outputIsInput`,
  ///   `.replacesInput` or `.cannotCreate`.
  func open(
    reading: ReadFiles, replaces: Bool, temporaryPrefix: String
  ) throws(QuantizeError) -> any StagedOutput {
    guard let path = location.path else {
      guard kind == .file else {
        throw .usage(
          "\(name.phrase) goes to a file, not to standard output; name one")
      }
      return try OutputFile(
        name, location, replaces: replaces, reading: reading)
    }
    guard kind != .folder else { return try OutputFolder(path) }
    let file = try OutputFile(
      name, location, replaces: replaces, reading: reading,
      temporaryPrefix: temporaryPrefix)
    guard kind == .file || file.isStaged else {
      throw .cannotCreate(path, reason: "this is a device or a pipe")
    }
    return file
  }
}
