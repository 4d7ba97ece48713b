public import ImageFormats

/// What of a file's annotations is carried over to the output.
///
/// A profile always is: without it the colours would be others.
public enum MetadataPolicy: Sendable {
  /// What the image looks like: the mark of sRGB and the density. Exif and XMP
  /// are left out.
  case appearance

  /// All that is known.
  case everything

  /// Nothing but a profile.
  case nothing

  /// The annotations that are written.
  ///
  /// - Parameter annotations: Those of the input.
  /// - Returns: Those of the output.
  public func kept(_ annotations: Annotations) -> Annotations {
    var kept = Annotations()
    kept.profile = annotations.profile
    switch self {
    case .everything:
      kept = annotations
    case .appearance:
      kept.density = annotations.density
    case .nothing:
      break
    }
    return kept
  }
}
