import CQuantize
import Rasters

/// A colour that a palette is to have.
struct DropInFixed {
  private let color: RGBColor
  private let alpha: UInt8

  init(_ color: liq_color, gamma: Double) {
    let table = DropInGamma.table(from: gamma, to: 0)
    func sample(_ value: UInt8) -> UInt8 { table?[Int(value)] ?? value }
    self.color = RGBColor(
      red: sample(color.r), green: sample(color.g), blue: sample(color.b))
    alpha = color.a
  }

  /// Adds it to others. Translucent colours cannot be fixed: they are left to
  /// the fit.
  func add(to fixed: inout [RGBColor], _ hasTransparency: inout Bool) {
    if alpha == 0 { hasTransparency = true }
    if alpha == 255, !fixed.contains(color) { fixed.append(color) }
  }
}
