import Quantization
import Rasters
import Regions
import Testing
import TruncatedEM
import _TestSupport

/// Images without small regions, against `LabelMap`'s regions and sums over pixels.
@Suite struct RegionMappingTests {
  private static func options(
    _ colors: Int, _ least: Int,
    _ change: (inout QuantizerOptions) -> Void = { _ in }
  ) throws -> QuantizerOptions {
    var options = try QuantizerOptions(colors: colors)
    options.leastRegion = least
    change(&options)
    return options
  }

  private static func colors(_ image: QuantizedImage) -> [SIMD4<UInt16>] {
    let pixels = image.mapped.pixels
    let width = pixels.channels.count
    let samples: [UInt16] =
      switch pixels {
      case .eight(let raster): raster.samples.map { UInt16($0) * 257 }
      case .sixteen(let raster): raster.samples
      }
    return stride(from: 0, to: samples.count, by: width).map {
      SIMD4(
        samples[$0], samples[$0 + 1], samples[$0 + 2],
        width == 4 ? samples[$0 + 3] : .max)
    }
  }

  private static func labels(_ image: QuantizedImage) -> LabelMap {
    var numbers: [SIMD4<UInt16>: Int32] = [:]
    let labels = colors(image).map { color in
      let number = numbers[color] ?? Int32(numbers.count)
      numbers[color] = number
      return number
    }
    return LabelMap(
      size: image.mapped.pixels.size, labels: labels, count: numbers.count)
  }

  private static let picture = Pixels.eight(
    TestMaps.picture(width: 61, height: 47))

  private static let translucent: Pixels = {
    let raster = TestMaps.picture(width: 61, height: 47)
    var samples: [UInt8] = []
    for n in 0..<raster.size.pixelCount {
      samples += raster.samples[3 * n..<3 * n + 3]
      samples.append(n % 7 == 0 ? 0 : UInt8(120 + n % 120))
    }
    return .eight(
      Raster(size: raster.size, channels: .rgba, samples: samples))
  }()

  @Test(arguments: [2, 9, 60, 100_000], [false, true])
  func noRegionIsSmaller(least: Int, hasAlpha: Bool) throws {
    let pixels = hasAlpha ? Self.translucent : Self.picture
    for colors in [5, 40, 400] {
      let image = try Quantizer(Self.options(colors, least)).quantize(pixels)
      let (regions, _) = Self.labels(image).connectedRegions()
      var areas = [Int](repeating: 0, count: regions.count)
      for region in regions.labels { areas[Int(region)] += 1 }
      #expect(regions.count == 1 || areas.allSatisfy { $0 >= least })
      // Counts, order and error are those of the pixels.
      var counts: [SIMD4<UInt16>: Int] = [:]
      for color in Self.colors(image) { counts[color, default: 0] += 1 }
      for entry in image.palette.entries {
        #expect(entry.count == counts[entry.deep])
      }
      #expect(counts.count == image.palette.entries.count)
      let error = Self.squaredError(pixels, Self.colors(image))
      let mse = image.distortion.meanSquaredError
      #expect(
        abs(error / Double(pixels.size.pixelCount) - mse)
          <= 1e-9 * (1 + mse) || hasAlpha)
    }
  }

  private static func squaredError(
    _ pixels: Pixels, _ colors: [SIMD4<UInt16>]
  ) -> Double {
    guard case .eight(let raster) = pixels, raster.channels == .rgb else {
      return 0
    }
    return colors.enumerated().reduce(0) { sum, element in
      (0..<3).reduce(sum) { sum, d in
        let difference =
          Double(raster.samples[3 * element.offset + d])
          - Double(element.element[d]) / 257
        return sum + difference * difference
      }
    }
  }

  @Test func picturesWithoutSmallRegionsStayAsTheyAre() throws {
    let stripes = Pixels.eight(
      TestRasters.make(width: 40, height: 30) { x, _ in
        UInt32(x / 10) * 0x30_2010
      })
    for depth in [PaletteDepth.eight, .sixteen] {
      let plain = try Quantizer(Self.options(4, 1) { $0.depth = depth })
        .quantize(stripes)
      let merged = try Quantizer(Self.options(4, 300) { $0.depth = depth })
        .quantize(stripes)
      #expect(Self.colors(plain) == Self.colors(merged))
      #expect(plain.palette.entries == merged.palette.entries)
      #expect(plain.distortion == merged.distortion)
    }
  }

  @Test func threadsChangeNothing() throws {
    var results: [[SIMD4<UInt16>]] = []
    for threads in 1...3 {
      let image = try Quantizer(Self.options(12, 20) { $0.threads = threads })
        .quantize(Self.picture)
      results.append(Self.colors(image))
    }
    #expect(results[0] == results[1] && results[1] == results[2])
  }

  @Test func pinnedColoursStay() throws {
    let pinned = RGBColor(packed: 0x12_ff34)
    let image = try Quantizer(Self.options(6, 50) { $0.pinned = [pinned] })
      .quantize(Self.picture)
    #expect(image.palette.colors.contains(pinned))
  }

  @Test func whatCannotBe() throws {
    let dithered = try Self.options(6, 2) {
      $0.dither = DitherOptions(
        .errorDiffusion(.floydSteinberg), effort: .standard)
    }
    #expect(throws: QuantizationError.regionsOfDithering) {
      try Quantizer(dithered).quantize(Self.picture)
    }
    let quantizer = Quantizer(try Self.options(6, 2))
    var counter = quantizer.counter(of: Self.picture.size)
    counter.count(Self.picture)
    let counted = counter.finish()
    let fitted = try quantizer.palette(of: counted.histogram)
    #expect(throws: QuantizationError.regionsOfStrips) {
      _ = try quantizer.mapper(for: fitted, of: counted)
    }
  }
}
