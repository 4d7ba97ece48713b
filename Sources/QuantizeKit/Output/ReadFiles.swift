import SystemPackage

/// The files that a job reads. None of its outputs replaces one of them, but the
/// image its own input, where that was asked for.
package struct ReadFiles: Sendable {
  /// What a file is to a job.
  private enum Role {
    /// The image, which its own result may replace.
    case image

    /// Read too, and replaced by nothing.
    case other
  }

  private var roles: [FileIdentity: Role] = [:]

  /// Describes what is read.
  ///
  /// - Parameters:
  ///   - image: The image; `nil` where no output is its result.
  ///   - others: All else: palettes, means, lists, other images.
  package init(image: FileLocation?, others: [FileLocation] = []) {
    for other in others {
      if let identity = FileIdentity(reading: other) {
        roles[identity] = .other
      }
    }
    // One that is read for other reasons too is still the image.
    if let identity = image.flatMap({ FileIdentity(reading: $0) }) {
      roles[identity] = .image
    }
  }

  /// Refuses an output that would replace what is read. Standard output counts
  /// as well, from which the shell protects no file.
  ///
  /// - Parameters:
  ///   - name: What would be written.
  ///   - location: Where it would go.
  /// - Returns: Whether the output is the image, and would be replaced by its
  ///   own result.
  /// - Throws: `QuantizeError.replacesInput`.
  @discardableResult
  func check(
    _ name: OutputName, _ location: FileLocation
  ) throws(QuantizeError) -> Bool {
    guard let role = FileIdentity(writing: location).flatMap({ roles[$0] })
    else { return false }
    guard role == .image, name == .image, location.path != nil else {
      throw .replacesInput(location, what: name.phrase)
    }
    return true
  }
}
