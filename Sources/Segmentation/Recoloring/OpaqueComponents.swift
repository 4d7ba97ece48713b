import Quantization
import Rasters

/// The components of a mixture as opaque colours, without complete transparency.
struct OpaqueComponents {
  /// The point of each in the working space; 0 of complete transparency.
  let points: [SIMD3<Double>]

  private let colors: [ComponentColors.Color]
  private let space: CompositeSpace

  init(_ fitted: FittedPalette) {
    let fit = fitted.space
    space = fit.ofColors
    colors = ComponentColors(fitted.fit.model, in: fit).colors
    points = colors.map { [space] color in
      guard color.alpha > 0, color.premultiplied.w > 0 else { return .zero }
      let samples = color.premultiplied / color.premultiplied.w
      return space.working.coordinates(
        ofEncoded: SIMD3(samples.x, samples.y, samples.z), in: space.gamut)
    }
  }

  /// The colour of a component, of 8 bits a sample.
  func color(of component: Int) -> RGBColor { colors[component].color }

  /// Whether a component is a colour.
  func isVisible(_ component: Int) -> Bool { colors[component].alpha > 0 }

  /// The components that are colours.
  var visible: [Int] { colors.indices.filter { colors[$0].alpha > 0 } }

  /// The component whose colour is nearest, of equally near ones the first; `nil`
  /// where there are none.
  func nearest(to color: RGBColor) -> Int? {
    let point = space.opaquePoint(color)
    func distance(_ component: Int) -> Double {
      let way = points[component] - point
      return (way * way).sum()
    }
    return visible.min { distance($0) < distance($1) }
  }
}

extension CompositeSpace {
  /// The coordinates of an opaque colour.
  func opaquePoint(_ color: RGBColor) -> SIMD3<Double> {
    working.coordinates(
      ofEncoded: SIMD3(
        Double(color.red), Double(color.green), Double(color.blue)) / 255,
      in: gamut)
  }
}
