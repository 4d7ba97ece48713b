/// The layers of an image, and the components that each holds.
public struct LayerPlan: Sendable {
  /// Components that share a layer.
  public struct Group: Sendable {
    /// The name of the layer.
    public let name: String

    /// The numbers of the components.
    public let components: [Int]

    /// Components that share a layer.
    public init(name: String, components: [Int]) {
      self.name = name
      self.components = components
    }
  }

  /// A layer.
  public struct Layer: Sendable {
    /// Its name; none is there twice.
    public let name: String

    /// The components whose responsibilities are its share, in ascending order.
    public let components: [Int]
  }

  /// The layers, the top one first.
  public let layers: [Layer]

  /// For each component the number of its layer.
  let layerOfComponent: [Int]

  /// Plans a layer for each group and for each component that is in none. A group
  /// stands where the first of its components would.
  ///
  /// - Parameters:
  ///   - names: The names of the components.
  ///   - groups: Components that share layers; none is in two of them.
  /// - Throws: `SegmentationError.layerComponent` or `.layerName`.
  /// - Complexity: O(components).
  public init(
    of names: [String], grouping groups: [Group] = []
  ) throws(SegmentationError) {
    var groupOfComponent = [Int?](repeating: nil, count: names.count)
    for (n, group) in groups.enumerated() {
      for component in group.components {
        guard names.indices.contains(component),
          groupOfComponent[component].map({ $0 == n }) ?? true
        else { throw .layerComponent(component, of: names.count) }
        groupOfComponent[component] = n
      }
    }
    var layers: [Layer] = []
    var layerOfComponent = [Int](repeating: 0, count: names.count)
    var placed: [Int: Int] = [:]
    for (component, name) in names.enumerated() {
      guard let group = groupOfComponent[component] else {
        layerOfComponent[component] = layers.count
        layers.append(Layer(name: name, components: [component]))
        continue
      }
      if let place = placed[group] {
        layerOfComponent[component] = place
        continue
      }
      placed[group] = layers.count
      layerOfComponent[component] = layers.count
      layers.append(
        Layer(
          name: groups[group].name,
          components: names.indices.filter { groupOfComponent[$0] == group }))
    }
    var seen: Set<String> = []
    for layer in layers where !seen.insert(layer.name).inserted {
      throw .layerName(layer.name)
    }
    self.layers = layers
    self.layerOfComponent = layerOfComponent
  }
}
