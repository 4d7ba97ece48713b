import Quantization
public import Rasters
import Segmentation
import SoftFormats

/// Colours that share a layer, as people name them.
public struct LayerGrouping: Hashable, Sendable {
  /// One or several colours.
  public enum Member: Hashable, Sendable {
    /// The components with these numbers.
    case components(ClosedRange<Int>)

    /// The component whose colour is nearest.
    case color(RGBColor)
  }

  /// The name of the layer.
  public let name: String

  /// What it holds.
  public let members: [Member]

  /// Colours that share a layer.
  public init(name: String, members: [Member]) {
    self.name = name
    self.members = members
  }

  /// The components.
  ///
  /// - Parameters:
  ///   - image: The image.
  ///   - warn: Is told of colours that the image does not have.
  /// - Returns: Their numbers, under the name.
  /// - Throws: `SegmentationError.layerComponent`.
  func group(
    of image: SoftImage, warn: (String) -> Void
  ) throws(SegmentationError) -> LayerPlan.Group {
    var components: [Int] = []
    for member in members {
      switch member {
      case .components(let range):
        guard range.upperBound < image.colors.count else {
          throw .layerComponent(range.upperBound, of: image.colors.count)
        }
        components += range
      case .color(let color):
        guard let nearest = nearest(to: color, image) else {
          throw .nothingVisible
        }
        let found = image.colors[nearest].color
        if found != color {
          warn(
            "layer \(name): the image has no colour \(color.hex); "
              + "the nearest, \(found.hex), is taken")
        }
        components.append(nearest)
      }
    }
    var seen: Set<Int> = []
    return LayerPlan.Group(
      name: name, components: components.filter { seen.insert($0).inserted })
  }

  /// The component whose colour is nearest, of equally near ones the first.
  private func nearest(to color: RGBColor, _ image: SoftImage) -> Int? {
    func distance(_ component: Int) -> Int {
      let other = image.colors[component].color
      let ways = [
        Int(color.red) - Int(other.red), Int(color.green) - Int(other.green),
        Int(color.blue) - Int(other.blue),
      ]
      return ways.reduce(0) { $0 + $1 * $1 }
    }
    return image.colors.indices.filter { image.colors[$0].alpha > 0 }
      .min { distance($0) < distance($1) }
  }
}
