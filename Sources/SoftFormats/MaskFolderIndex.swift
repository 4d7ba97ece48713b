import JSONFiles

/// The content of `index.json` in a folder of masks.
struct MaskFolderIndex: Encodable {
  /// One component.
  struct Component: Encodable {
    let alpha: UInt8

    /// As `#rrggbb`.
    let color: String

    let component: Int

    /// The name of its mask.
    let file: String

    /// The mean in the working space; `nil` where the component is only
    /// transparency.
    let mean: [JSONNumber]?

    private enum CodingKeys: CodingKey {
      case alpha, color, component, file, mean
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(alpha, forKey: .alpha)
      try container.encode(color, forKey: .color)
      try container.encode(component, forKey: .component)
      try container.encode(file, forKey: .file)
      // Not left out where there is none: it is null.
      try container.encode(mean, forKey: .mean)
    }
  }

  let components: [Component]
  let cprime: Int

  /// Bits of a sample of the masks.
  let depth: Int

  let freeEnergy: JSONNumber
  let height: Int
  let sigma2: JSONNumber

  /// The name of the space of the means.
  let space: String

  let width: Int
}
