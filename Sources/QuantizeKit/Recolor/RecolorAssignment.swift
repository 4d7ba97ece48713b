import ColorModels
import Quantization
import Rasters
import Segmentation

/// Gives each colour of a fitted palette one of other colours, so that together they
/// move as little as possible in Oklab.
enum RecolorAssignment {
  /// The components that are colours, with these.
  static func colors(
    of fitted: FittedPalette
  ) -> [(component: Int, color: RGBColor)] {
    ComponentColors(fitted.fit.model, in: fitted.space).colors.enumerated()
      .filter { $0.element.alpha > 0 }
      .map { (component: $0.offset, color: $0.element.color) }
  }

  /// Pairs components and colours.
  ///
  /// - Parameters:
  ///   - fitted: The palette.
  ///   - goals: The colours; where they are fewer, some components stay as they
  ///     are.
  /// - Returns: A target for each component that has a colour.
  static func targets(
    _ fitted: FittedPalette, _ goals: [RGBColor]
  ) -> [Recoloring.Target] {
    let own = colors(of: fitted)
    let points = goals.map { point($0, fitted.space.gamut) }
    let costs = own.map { color in
      let point = point(color.color, fitted.space.gamut)
      return points.map { (($0 - point) * ($0 - point)).sum() }
    }
    return zip(own, OptimalAssignment.columns(costs)).compactMap {
      own, column in
      column.map {
        Recoloring.Target(
          component: own.component, color: own.color, goal: goals[$0], move: 0)
      }
    }
  }

  private static func point(
    _ color: RGBColor, _ gamut: RGBGamut
  ) -> SIMD3<Double> {
    WorkingSpace.oklab.coordinates(
      ofEncoded: SIMD3(
        Double(color.red), Double(color.green), Double(color.blue)) / 255,
      in: gamut)
  }
}
