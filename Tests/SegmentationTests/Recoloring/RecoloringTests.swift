import ColorModels
import Foundation
import Quantization
import Rasters
import Segmentation
import Testing
import TruncatedEM
import _TestSupport

/// Moved colours against those computed pixel by pixel from the responsibilities.
@Suite struct RecoloringTests {
  private static let space = CompositeSpace(.oklab)

  /// A picture of red, green and blue things with noise on grey.
  private static func raster(seed: UInt64 = 3) -> Raster {
    var numbers = Generator(seed: seed)
    return TestRasters.make(width: 48, height: 40) { x, y in
      let base: (UInt32, UInt32, UInt32) =
        switch (x / 12, y / 20) {
        case (0, _): (170, 30, 30)
        case (1, 0): (80, 20, 18)
        case (2, _): (40, 140, 60)
        default: (150, 150, 155)
        }
      let noise = UInt32(numbers.next() >> 40) % 40
      return (base.0 + noise) << 16 | (base.1 + noise / 2) << 8
        | (base.2 + noise)
    }
  }

  private static func pixels(deep: Bool, alpha: Bool) -> Pixels {
    let raster = raster()
    var samples: [UInt8] = []
    for n in 0..<raster.size.pixelCount {
      samples += raster.samples[3 * n..<3 * n + 3]
      if alpha { samples.append([0, 90, 255, 255][n % 4]) }
    }
    let channels: Raster.Channels = alpha ? .rgba : .rgb
    guard deep else {
      return .eight(
        Raster(size: raster.size, channels: channels, samples: samples))
    }
    let width = channels.count
    return .sixteen(
      DeepRaster(
        size: raster.size, channels: channels,
        samples: samples.enumerated().map {
          UInt16($0.element) * 257 ^ ($0.offset % width == 3 ? 0 : 19)
        }))
  }

  private static func fitted(
    _ pixels: Pixels, pinned: [RGBColor] = [], k: Int = 6, truncation: Int = 3
  ) throws -> FittedPalette {
    var options = QuantizerOptions(
      start: .search(try PaletteSize(k)), truncation: Truncation(truncation))
    options.space = space
    options.pinned = pinned
    return try Quantizer(options).palette(of: pixels)
  }

  private static func samples(_ pixels: Pixels) -> [Double] {
    switch pixels {
    case .eight(let raster): raster.samples.map { Double($0) / 255 }
    case .sixteen(let raster): raster.samples.map { Double($0) / 65_535 }
    }
  }

  private static func point(_ samples: ArraySlice<Double>) -> SIMD3<Double> {
    let s = Array(samples)
    return WorkingSpace.oklab.coordinates(
      ofEncoded: SIMD3(s[0], s[1], s[2]), in: .sRGB)
  }

  private static func point(_ color: RGBColor) -> SIMD3<Double> {
    point([color.red, color.green, color.blue].map { Double($0) / 255 }[...])
  }

  /// docs/theory.md, recolouring: chroma and hue as complex numbers.
  private static func turned(
    _ point: SIMD3<Double>, _ move: ColorMove
  ) -> SIMD3<Double> {
    let (from, to) = (self.point(move.from), self.point(move.to))
    let chroma = hypot(to.y, to.z) / hypot(from.y, from.z)
    let angle = atan2(to.z, to.y) - atan2(from.z, from.y)
    let own = atan2(point.z, point.y) + angle
    let far = hypot(point.y, point.z) * chroma
    let light =
      point.x <= from.x
      ? point.x * to.x / from.x
      : 1 - (1 - point.x) * (1 - to.x) / (1 - from.x)
    return SIMD3(light, far * cos(own), far * sin(own))
  }

  @Test(arguments: [false, true], [false, true])
  func pixelsMoveByTheirResponsibilities(deep: Bool, alpha: Bool) throws {
    let pixels = Self.pixels(deep: deep, alpha: alpha)
    let fitted = try Self.fitted(pixels)
    let moves = [
      ColorMove(
        from: RGBColor(red: 190, green: 40, blue: 50),
        to: RGBColor(red: 60, green: 70, blue: 190)),
      ColorMove(
        from: RGBColor(red: 50, green: 150, blue: 80),
        to: RGBColor(red: 140, green: 120, blue: 60)),
    ]
    let targets = try Recoloring.targets(of: moves, fitted)
    #expect(targets.map(\.goal) == moves.map(\.to))
    let recoloring = try Recoloring(targets, fitted, isDeep: deep)
    let result = recoloring.applied(to: pixels)
    let map = try ResponsibilityMap(
      pixels, histogram: fitted.histogram, in: fitted.space,
      model: fitted.fit.model, truncation: fitted.fit.truncation)
    let strip = map.strip(0..<pixels.size.height)
    let means = ComponentColors(fitted.fit.model, in: fitted.space).colors
    let (old, new) = (Self.samples(pixels), Self.samples(result))
    let width = alpha ? 4 : 3
    var (moved, kept, shares) = (0, 0, [0.0, 0.0])
    for n in 0..<pixels.size.pixelCount {
      let before = old[n * width..<(n + 1) * width]
      let after = new[n * width..<(n + 1) * width]
      if alpha { #expect(before.last == after.last) }
      if alpha, before.last == 0 {
        #expect(before == after)
        continue
      }
      var point = Self.point(before)
      var share = 0.0
      // The colours that the pixel is made of: means, and what is left over.
      var (mean, weight) = (SIMD3<Double>.zero, 0.0)
      func own(_ component: Int) -> SIMD3<Double> {
        let m = means[component].premultiplied
        return WorkingSpace.oklab.coordinates(
          ofEncoded: SIMD3(m.x, m.y, m.z) / m.w, in: .sRGB)
      }
      for entry in n * strip.truncation..<(n + 1) * strip.truncation {
        let component = Int(strip.components[entry])
        guard means[component].alpha > 0 else { continue }
        mean += Double(strip.responsibilities[entry]) * own(component)
        weight += Double(strip.responsibilities[entry])
      }
      let rest = weight > 0 ? point - mean / weight : .zero
      for entry in n * strip.truncation..<(n + 1) * strip.truncation {
        let component = Int(strip.components[entry])
        for (t, target) in targets.enumerated()
        where target.component == component {
          let q = Double(strip.responsibilities[entry])
          let part = own(component) + rest
          if let turn = target.turn {
            point += q * (Self.turned(part, turn) - part)
          } else {
            point += q * (Self.point(target.goal) - own(component))
          }
          share += q
          shares[t] += q
        }
      }
      guard share > 0 else {
        #expect(before == after)
        kept += 1
        continue
      }
      let wanted = WorkingSpace.oklab.encoded(point, in: .sRGB)
      guard wanted.min() >= 0, wanted.max() <= 1 else { continue }
      moved += 1
      for s in 0..<3 {
        let difference = after[after.startIndex + s] - wanted[s]
        #expect(abs(difference) < (deep ? 0.501 / 65_535 : 0.501 / 255))
      }
    }
    #expect(moved > 300 && kept > 100)
    for (t, target) in targets.enumerated() {
      let share = shares[t] / Double(pixels.size.pixelCount)
      #expect(abs(recoloring.shares[target.component] - share) < 1e-6)
    }
  }

  /// A colour that is pinned is a component of its own, and becomes what was asked
  /// for to the last bit.
  @Test func pinnedColorsArriveExactly() throws {
    let raster = Self.raster()
    let from = RGBColor(
      red: raster.samples[0], green: raster.samples[1], blue: raster.samples[2])
    let to = RGBColor(red: 20, green: 90, blue: 160)
    let pixels = Pixels.eight(raster)
    let fitted = try Self.fitted(pixels, pinned: [from], truncation: 1)
    let targets = try Recoloring.targets(
      of: [ColorMove(from: from, to: to)], fitted)
    #expect(targets.map(\.color) == [from])
    let result = try Recoloring(targets, fitted, isDeep: false)
      .applied(to: pixels).rounded()
    #expect(Array(result.samples[..<3]) == [to.red, to.green, to.blue])
  }

  /// Where a component is alone, all its pixels keep their shading: what was twice as
  /// strong still is.
  @Test func shadingIsKept() throws {
    let pixels = Pixels.eight(Self.raster())
    let fitted = try Self.fitted(pixels, truncation: 1)
    let move = ColorMove(
      from: RGBColor(red: 190, green: 40, blue: 50),
      to: RGBColor(red: 60, green: 80, blue: 150))
    let targets = try Recoloring.targets(of: [move], fitted)
    let result = try Recoloring(targets, fitted, isDeep: false)
      .applied(to: pixels)
    let (old, new) = (Self.samples(pixels), Self.samples(result))
    let (from, to) = (Self.point(move.from), Self.point(move.to))
    let stretch = hypot(to.y, to.z) / hypot(from.y, from.z)
    var moved = 0
    for n in 0..<pixels.size.pixelCount {
      let range = 3 * n..<3 * n + 3
      guard old[range] != new[range] else { continue }
      let (before, after) = (Self.point(old[range]), Self.point(new[range]))
      let chroma = hypot(before.y, before.z) * stretch
      guard new[range].allSatisfy({ $0 > 0 && $0 < 1 }) else { continue }
      moved += 1
      #expect(abs(hypot(after.y, after.z) - chroma) < 0.006)
    }
    #expect(moved > 100)
    #expect(targets.allSatisfy { $0.turn == move })
    // Grey has no hue to turn: all of it moves as far.
    let grey = ColorMove(
      from: RGBColor(red: 170, green: 160, blue: 170), to: move.to)
    #expect(
      try Recoloring.targets(of: [grey], fitted).map(\.turn) == [nil])
  }

  @Test func lightnessIsKept() throws {
    let pixels = Pixels.eight(Self.raster())
    let fitted = try Self.fitted(pixels)
    let targets = try Recoloring.targets(
      of: [
        ColorMove(
          from: RGBColor(red: 190, green: 40, blue: 50),
          to: RGBColor(red: 230, green: 220, blue: 120))
      ], fitted)
    let result = try Recoloring(
      targets, fitted, lightness: .keep, isDeep: false
    ).applied(to: pixels)
    let (old, new) = (Self.samples(pixels), Self.samples(result))
    #expect(old != new)
    for n in 0..<pixels.size.pixelCount {
      let range = 3 * n..<3 * n + 3
      #expect(
        abs(Self.point(old[range]).x - Self.point(new[range]).x) < 0.006)
    }
    var plain = QuantizerOptions(
      start: .search(try PaletteSize(4)), truncation: Truncation(2))
    plain.space = CompositeSpace(.linear)
    let other = try Quantizer(plain).palette(of: pixels)
    #expect(throws: SegmentationError.lightness) {
      _ = try Recoloring([], other, lightness: .keep, isDeep: false)
    }
  }

  /// Strips of an image have the pixels of the whole, on any number of threads.
  @Test func stripsAndThreadsGiveTheSame() throws {
    let pixels = Self.pixels(deep: false, alpha: true)
    let fitted = try Self.fitted(pixels)
    let targets = try Recoloring.targets(
      of: [
        ColorMove(
          from: RGBColor(red: 190, green: 40, blue: 50),
          to: RGBColor(red: 20, green: 90, blue: 160))
      ], fitted, shades: 20)
    let whole = try Recoloring(targets, fitted, isDeep: false)
      .applied(to: pixels).rounded()
    let recoloring = try Recoloring(
      targets, fitted, isDeep: false, threads: 3)
    #expect(recoloring.applied(to: pixels).rounded().samples == whole.samples)
    var samples: [UInt8] = []
    for start in stride(from: 0, to: 40, by: 7) {
      let strip = pixels.strip(start..<min(40, start + 7))
      samples += recoloring.applied(to: strip).rounded().samples
    }
    #expect(samples == whole.samples)
  }

  /// Shades have about the same hue, and become the same shades of the goal.
  @Test func shadesGoWithTheirColor() throws {
    let pixels = Pixels.eight(Self.raster())
    let fitted = try Self.fitted(pixels)
    let move = ColorMove(
      from: RGBColor(red: 190, green: 40, blue: 50),
      to: RGBColor(red: 40, green: 60, blue: 190))
    let alone = try Recoloring.targets(of: [move], fitted)
    let targets = try Recoloring.targets(of: [move], fitted, shades: 25)
    #expect(alone.count == 1 && targets.count > 1)
    #expect(targets.allSatisfy { $0.move == 0 })
    func hue(_ color: RGBColor) -> Double {
      let point = Self.point(color)
      return atan2(point.z, point.y)
    }
    for target in targets.dropFirst() {
      #expect(abs(hue(target.color) - hue(move.from)) < 25 * .pi / 180)
      // As much as the hue was off before, it is now.
      let off = hue(target.color) - hue(move.from)
      #expect(abs(hue(target.goal) - hue(move.to) - off) < 0.06)
      let isDarker = Self.point(target.color).x < Self.point(move.from).x
      #expect(isDarker == (Self.point(target.goal).x < Self.point(move.to).x))
    }
    // Greens and greys stay.
    let moved = Set(targets.map(\.component))
    let colors = ComponentColors(fitted.fit.model, in: fitted.space).colors
    for (component, color) in colors.enumerated()
    where color.color.green > color.color.red || color.color.blue > 120 {
      #expect(!moved.contains(component))
    }
  }

  @Test func whatCannotBeMovedIsRefused() throws {
    let pixels = Pixels.eight(Self.raster())
    let fitted = try Self.fitted(pixels, k: 2, truncation: 2)
    let (a, b) = (
      RGBColor(red: 150, green: 150, blue: 150),
      RGBColor(red: 151, green: 150, blue: 150)
    )
    #expect(throws: SegmentationError.sameComponent(a, b)) {
      _ = try Recoloring.targets(
        of: [ColorMove(from: a, to: b), ColorMove(from: b, to: a)], fitted)
    }
    let nothing = try #require(ImageSize(width: 2, height: 2))
    let clear = Pixels.eight(
      Raster(
        size: nothing, channels: .rgba,
        samples: [UInt8](repeating: 0, count: 16)))
    let empty = try Self.fitted(clear, k: 2, truncation: 1)
    #expect(throws: SegmentationError.nothingVisible) {
      _ = try Recoloring.targets(of: [ColorMove(from: a, to: b)], empty)
    }
  }
}
