public import Rasters

/// How much pixels count while colours are fitted.
public enum Importance: Sendable {
  /// All the same.
  case none

  /// By their surroundings: smooth areas more than texture, where the eye
  /// misses errors.
  case automatic

  /// By the brightness of an image of the same size: black counts nothing (but
  /// a very little, so that every colour has some weight).
  case map(Raster)

  /// The name by which reports know it.
  public var name: String {
    switch self {
    case .none: "none"
    case .automatic: "auto"
    case .map: "map"
    }
  }
}
