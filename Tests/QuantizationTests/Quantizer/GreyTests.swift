import ColorModels
import Foundation
import ParallelWork
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// Grey pictures have one coordinate of colour.
@Suite struct GreyTests {
  /// Three kinds of cells in noise.
  private static func grey(_ x: Int, _ y: Int) -> UInt8 {
    var numbers = Generator(seed: UInt64(y * 61 + x) &* 977)
    let noise = (0..<4).reduce(0) { sum, _ in
      sum + Int(numbers.next() >> 40) % 24
    }
    return UInt8([30, 74, 140][(x / 9 + y / 7) % 3] + noise)
  }

  private static let (width, height) = (60, 40)

  private static func raster(
    _ channels: Raster.Channels, _ pixel: (_ grey: UInt8, _ x: Int) -> [UInt8]
  ) -> Raster {
    guard let size = ImageSize(width: width, height: height) else {
      preconditionFailure("there are pixels")
    }
    let samples = (0..<width * height).flatMap { n in
      pixel(grey(n % width, n / width), n % width)
    }
    return Raster(size: size, channels: channels, samples: samples)
  }

  private let opaque = Self.raster(.rgb) { grey, _ in [grey, grey, grey] }

  /// Fades out to the right, over hidden colours.
  private let faded = Self.raster(.rgba) { grey, x in
    x < 8
      ? [200, 3, 90, 0]
      : [grey, grey, grey, UInt8(max(1, min(255, 10 * (x - 8))))]
  }

  private func options(
    _ space: WorkingSpace, cprime: Int = 1
  ) throws -> QuantizerOptions {
    var options = try QuantizerOptions(colors: 5)
    options.space = CompositeSpace(space)
    options.truncation = Truncation(cprime)
    return options
  }

  /// A fit in the space of colours, as grey pictures were fitted with D = 3.
  private func inColors(
    _ raster: Raster, _ options: QuantizerOptions
  ) throws -> FittedPalette {
    let points = ColorPoints(
      ColorHistogram(of: raster), in: options.space,
      engine: try TruncatedEM(FitOptions(options)))
    let fit = try points.fit(
      colors: options.components, truncation: options.truncation)
    return try FittedPalette(fit, nil, points, options)
  }

  @Test func onlyVisiblePixelsDecide() {
    func isGrey(_ pixels: Pixels) -> Bool {
      let counted = ColorHistogram(of: pixels).isGrey
      #expect(counted == pixels.isGrey)
      var strips = HistogramAccumulator()
      for row in stride(from: 0, to: pixels.size.height, by: 7) {
        strips.add(
          pixels.strip(row..<min(row + 7, pixels.size.height)),
          workers: Workers(threads: 2))
      }
      #expect(strips.histogram().isGrey == counted)
      return counted
    }
    for raster in [opaque, faded] {
      #expect(isGrey(.eight(raster)))
      let deep = DeepRaster(
        size: raster.size, channels: raster.channels,
        samples: raster.samples.map { UInt16($0) * 201 })
      #expect(isGrey(.sixteen(deep)))
      for channel in 0..<3 {
        var samples = deep.samples
        samples[deep.channels.count * 20 + channel] ^= 1
        #expect(
          !isGrey(
            .sixteen(
              DeepRaster(
                size: deep.size, channels: deep.channels, samples: samples))))
        var bytes = raster.samples
        bytes[raster.channels.count * 20 + channel] ^= 1
        #expect(
          !isGrey(
            .eight(
              Raster(
                size: raster.size, channels: raster.channels, samples: bytes))))
      }
    }
    #expect(!isGrey(.eight(Self.raster(.rgba) { _, _ in [9, 9, 9, 0] })))
  }

  /// The palettes of k-means stay what they are with three equal coordinates.
  @Test(arguments: WorkingSpace.allCases)
  func palettesAreThoseOfColors(space: WorkingSpace) throws {
    for raster in [opaque, faded] {
      let options = try options(space)
      let found = try Quantizer(options).palette(of: .eight(raster))
      let other = try inColors(raster, options)
      let alpha = raster.channels == .rgba ? 1 : 0
      #expect(found.fit.model.dimension == 1 + alpha)
      #expect(other.fit.model.dimension == 3 + alpha)
      if alpha == 0 {
        let isSame =
          found.palette.entries == other.palette.entries
          && found.assignment.entries == other.assignment.entries
        #expect(isSame)
      } else {
        // Equal distances are rounded in another way.
        let (error, expected) = (
          found.assignment.squaredError, other.assignment.squaredError
        )
        // Which entries become opaque is decided by sums that are rounded in
        // another way; away from sRGB that moves the error, which is sRGB's.
        #expect(error < (space == .srgb ? 1.01 : 1.2) * expected)
      }
      #expect(found.palette.colors.allSatisfy { $0.isGrey })
      // Where three coordinates are equal, J is three times as large, and σ²
      // is the same.
      guard space == .srgb || space == .linear, alpha == 0 else { continue }
      #expect(
        abs(found.inertia / other.inertia - 1.0 / 3) < 1e-9)
      #expect(
        abs(found.fit.model.variance / other.fit.model.variance - 1) < 1e-9)
    }
  }

  /// Responsibilities and F by the formulas of docs/theory.md with D = 1.
  @Test func posteriorIsThatOfOneCoordinate() throws {
    let fitted = try Quantizer(options(.srgb, cprime: 5))
      .palette(of: .eight(opaque))
    let model = fitted.fit.model
    let (means, variance) = (model.means, model.variance)
    let engine = try TruncatedEM()
    let tree = fitted.histogram.tree(in: fitted.space)
    let posterior = try engine.posterior(
      of: tree, under: model, truncation: .full)
    var sum = 0.0
    for n in 0..<fitted.histogram.count {
      let value = Double(fitted.histogram.color(n).x) / 257
      let parts = means.map { mean in
        exp(-(value - mean) * (value - mean) / (2 * variance))
          / (2 * .pi * variance).squareRoot() / Double(means.count)
      }
      let total = parts.reduce(0, +)
      for (component, share) in posterior[n] {
        #expect(abs(Double(share) - parts[component] / total) < 1e-6)
      }
      sum += Double(fitted.histogram.counts[n]) * log(total)
    }
    let bound = try engine.evaluate(tree, under: model, truncation: .full)
    #expect(
      abs(bound.freeEnergy - sum / Double(fitted.histogram.pixelCount)) < 1e-9)
  }

  /// Colours that are given and not grey need three coordinates.
  @Test func givenColorsDecideToo() throws {
    let red = RGBColor(red: 200, green: 10, blue: 10)
    let greys = [10, 90, 250].map { RGBColor(red: $0, green: $0, blue: $0) }
    func dimension(_ options: QuantizerOptions) throws -> Int {
      let image = try Quantizer(options).quantize(.eight(opaque))
      return image.fit.model.dimension
    }
    for (extra, expected) in [([], 1), ([red], 3)] as [([RGBColor], Int)] {
      let colors = greys + extra
      var pinned = try options(.srgb)
      pinned.pinned = colors
      #expect(try dimension(pinned) == expected)
      let fixed = try FixedPalette(colors.map { FixedPalette.Color(color: $0) })
      let mapped = QuantizerOptions(start: .palette(fixed))
      #expect(try dimension(mapped) == expected)
      let means = try MixtureModel(
        colors: colors.map {
          SIMD4(Double($0.red), Double($0.green), Double($0.blue), 255)
        })
      #expect(
        try dimension(QuantizerOptions(start: .means(means))) == expected)
    }
  }

  /// A dithered grey picture has the pixels of one that is fitted in colours.
  @Test func ditheringIsThatOfColors() throws {
    for space in WorkingSpace.allCases {
      var options = try options(space)
      options.dither.method = .errorDiffusion(.floydSteinberg)
      let quantizer = Quantizer(options)
      let image = try quantizer.quantize(.eight(opaque))
      let expected = try quantizer.mapped(
        .eight(opaque), try inColors(opaque, options))
      let isSame = image.raster().samples == expected.raster().samples
      #expect(isSame, "\(space)")
    }
  }
}
