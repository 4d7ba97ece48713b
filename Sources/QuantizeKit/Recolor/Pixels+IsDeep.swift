package import Rasters

extension Pixels {
  /// Whether samples have 16 bits.
  package var isDeep: Bool {
    if case .sixteen = self { true } else { false }
  }
}
