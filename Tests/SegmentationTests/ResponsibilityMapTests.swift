import Foundation
import Quantization
import Rasters
import Segmentation
import Testing
import TruncatedEM
import _TestSupport

/// Responsibilities of pixels against those computed pixel by pixel.
@Suite struct ResponsibilityMapTests {
  /// A small picture with transparent, translucent and opaque pixels, or those
  /// of them that are asked for.
  private static func pixels(
    alphas: [UInt8], deep: Bool = false
  ) throws -> Pixels {
    let size = try #require(ImageSize(width: 23, height: 17))
    var numbers = Generator(seed: 11)
    var samples: [UInt8] = []
    for n in 0..<size.pixelCount {
      for _ in 0..<3 { samples.append(UInt8(numbers.next() >> 40 & 0xff)) }
      if alphas != [255] { samples.append(alphas[n % alphas.count]) }
    }
    let channels: Raster.Channels = alphas == [255] ? .rgb : .rgba
    if deep {
      return .sixteen(
        DeepRaster(
          size: size, channels: channels,
          samples: samples.enumerated().map {
            UInt16($0.element) * 257 ^ ($0.offset % 4 == 3 ? 0 : 5)
          }))
    }
    return .eight(Raster(size: size, channels: channels, samples: samples))
  }

  /// A pixel in the working space of docs/alpha.md.
  private static func point(_ pixels: Pixels, _ n: Int) -> [Double] {
    let width = pixels.channels.count
    let samples: [Double] =
      switch pixels {
      case .eight(let raster):
        raster.samples[n * width..<(n + 1) * width].map(Double.init)
      case .sixteen(let raster):
        raster.samples[n * width..<(n + 1) * width].map { Double($0) / 257 }
      }
    guard width == 4 else { return samples }
    let alpha = samples[3] / 255
    return samples[0..<3].map { $0 * alpha + 127.5 * (1 - alpha) }
      + [255 * alpha * 0.5.squareRoot()]
  }

  private static func map(
    _ pixels: Pixels, truncation: Int, table: Int, threads: Int = 1
  ) throws -> (ResponsibilityMap, MixtureModel) {
    let histogram = ColorHistogram(of: pixels)
    let truncation = Truncation(truncation)
    let model = try TruncatedEM().fit(
      histogram.tree(), components: 6, pinned: histogram.pinnedMeans(),
      truncation: truncation
    ).model
    let map = try ResponsibilityMap(
      pixels, histogram: histogram, model: model, truncation: truncation,
      threads: threads, mostTableBytes: table)
    return (map, model)
  }

  @Test(
    arguments: [[255], [255, 0], [255, 128, 3], [255, 0, 77]] as [[UInt8]],
    [false, true])
  func agreesWithEveryPixelComputed(_ alphas: [UInt8], deep: Bool) throws {
    let pixels = try Self.pixels(alphas: alphas, deep: deep)
    for table in [0, 1 << 20] {
      let (map, model) = try Self.map(pixels, truncation: 3, table: table)
      for rows in map.strips(of: 5) {
        let strip = map.strip(rows)
        #expect(strip.rows == rows)
        #expect(strip.components.count == strip.pixelCount * 3)
        for n in 0..<strip.pixelCount {
          let pixel = rows.lowerBound * strip.width + n
          let found = strip.components[3 * n..<3 * n + 3].map(Int.init)
          let shares = strip.responsibilities[3 * n..<3 * n + 3]
          #expect(abs(shares.reduce(0, +) - 1) < 1e-6)
          #expect(Set(found).count == 3)
          if alphas[pixel % alphas.count] == 0 {
            #expect(found.first == map.transparentComponent)
            #expect(Array(shares) == [1, 0, 0])
            continue
          }
          var point = Self.point(pixels, pixel)
          if model.dimension == 3 { point = Array(point[0..<3]) }
          let distances = (0..<6).map { c in
            zip(point, model.mean(c)).map { ($0 - $1) * ($0 - $1) }
              .reduce(0, +)
          }
          let nearest = (0..<6).sorted { distances[$0] < distances[$1] }
          #expect(found == Array(nearest.prefix(3)))
          let weights = found.map {
            exp(
              (distances[nearest[0]] - distances[$0]) / (2 * model.variance))
          }
          for (share, weight) in zip(shares, weights) {
            let expected = weight / weights.reduce(0, +)
            #expect(abs(Double(share) - expected) < 1e-6)
          }
        }
      }
    }
  }

  @Test func stripsAndThreadsChangeNothing() throws {
    let pixels = Pixels.eight(TestRasters.noisyGradient(width: 90, height: 70))
    let (one, _) = try Self.map(pixels, truncation: 2, table: 1 << 20)
    let whole = one.strip(0..<70)
    for (table, threads, height) in [(0, 1, 7), (0, 3, 33), (1 << 20, 3, 1)] {
      let (other, _) = try Self.map(
        pixels, truncation: 2, table: table, threads: threads)
      let strips = other.strips(of: height).map { other.strip($0) }
      #expect(strips.flatMap(\.components) == whole.components)
      #expect(strips.flatMap(\.responsibilities) == whole.responsibilities)
    }
  }

  @Test func hardMapsHaveWeightsOfOne() throws {
    let pixels = Pixels.eight(TestRasters.noisyGradient(width: 20, height: 9))
    let (map, _) = try Self.map(pixels, truncation: 1, table: 1 << 20)
    let strip = map.strip(0..<9)
    #expect(strip.responsibilities.allSatisfy { $0 == 1 })
    #expect(strip.components.contains { $0 > 0 })
  }

  @Test func stripsAreBounded() throws {
    let pixels = Pixels.eight(TestRasters.noisyGradient(width: 64, height: 9))
    let (map, _) = try Self.map(pixels, truncation: 2, table: 1 << 20)
    let height = map.stripHeight(multipleOf: 16)
    #expect(height.isMultiple(of: 16))
    #expect(height * 64 * 2 <= ResponsibilityMap.mostEntries)
    #expect((height + 16) * 64 * 2 > ResponsibilityMap.mostEntries)
  }

  @Test func refusesTooManyComponents() throws {
    let pixels = Pixels.eight(TestRasters.noisyGradient(width: 4, height: 4))
    let model = try MixtureModel(
      means: [Double](repeating: 0, count: 3 * 65_536), dimension: 3)
    #expect(throws: SegmentationError.components(65_536)) {
      try ResponsibilityMap(
        pixels, histogram: ColorHistogram(of: pixels), model: model,
        truncation: .hard)
    }
  }
}
