import Foundation
import Quantization
import Rasters
import Segmentation
import Testing
import TruncatedEM
import _TestSupport

@Suite struct LayerSplitTests {
  /// A noisy picture with alphas of all kinds, or opaque.
  private static func pixels(hasAlpha: Bool, isDeep: Bool = false) -> Pixels {
    let raster = TestRasters.noisyGradient(width: 40, height: 30)
    var random = Generator(seed: 3)
    var samples: [UInt16] = []
    for pixel in 0..<raster.size.pixelCount {
      for sample in raster.samples[3 * pixel..<3 * pixel + 3] {
        samples.append(
          UInt16(sample) * 257
            &+ (isDeep ? UInt16.random(in: 0..<200, using: &random) : 0))
      }
      if hasAlpha { samples.append(UInt16(max(0, pixel % 256 - 20)) * 257) }
    }
    let channels: Raster.Channels = hasAlpha ? .rgba : .rgb
    guard !isDeep else {
      return .sixteen(
        DeepRaster(size: raster.size, channels: channels, samples: samples))
    }
    return .eight(
      Raster(
        size: raster.size, channels: channels,
        samples: samples.map { UInt8($0 >> 8) }))
  }

  private static func split(
    _ pixels: Pixels, truncation: Int = 3, blend: LayerBlend = .normal,
    groups: [LayerPlan.Group] = [], threads: Int = 1,
    mostTableBytes: Int = 1 << 27
  ) throws -> LayerSplit {
    let histogram = ColorHistogram(of: pixels)
    let truncation = Truncation(truncation)
    let fit = try TruncatedEM().fit(
      histogram.tree(), components: 6, pinned: histogram.pinnedMeans(),
      truncation: truncation)
    let map = try ResponsibilityMap(
      pixels, histogram: histogram, model: fit.model, truncation: truncation,
      threads: threads, mostTableBytes: mostTableBytes)
    var colors = ComponentColors(fit.model).colors
    while colors.count < map.components {
      colors.append(.transparent(in: .encoded))
    }
    let plan = try LayerPlan(
      of: colors.indices.map { "layer \($0)" }, grouping: groups)
    return LayerSplit(map, colors, plan, blend: blend, threads: threads)
  }

  private static func samples(_ strip: LayerStrip) -> [Int] {
    switch strip.samples {
    case .eight(let samples): samples.map { Int($0) }
    case .sixteen(let samples): samples.map { Int($0) }
    }
  }

  @Test(arguments: [false, true], [false, true])
  func qualityFindsNoErrorAndTheNumberOfLayers(
    hasAlpha: Bool, isDeep: Bool
  ) throws {
    let pixels = Self.pixels(hasAlpha: hasAlpha, isDeep: isDeep)
    let split = try Self.split(pixels)
    let quality = LayerQuality(of: split)
    #expect(quality.reconstructionError == 0)
    #expect(quality.sparsity > 0 && quality.sparsity <= 2)
    #expect(quality.variance > 0)
    #expect(quality.alphaGradient > 0 && quality.alphaGradient <= 1)
    #expect(abs(quality.shares.reduce(0, +) - 1) < 1e-12)
    let hard = LayerQuality(of: try Self.split(pixels, truncation: 1))
    #expect(hard.sparsity == 0)
    #expect(hard.reconstructionError == 0)
    // Each layer has the pixels of its cluster.
    #expect(hard.variance > quality.variance)
  }

  /// At most C' layers can be seen at a pixel, and those that are have the shares that
  /// the responsibilities say.
  @Test func sharesAreResponsibilities() throws {
    let pixels = Self.pixels(hasAlpha: false)
    let split = try Self.split(pixels)
    let strip = split.strip(0..<30)
    let shares = split.map.strip(0..<30)
    let samples = Self.samples(strip)
    for pixel in 0..<strip.pixelCount {
      var through = 1.0
      var seen = 0
      for layer in 0..<6 {
        let alpha =
          Double(samples[strip.range(of: layer).lowerBound + 4 * pixel + 3])
          / 255
        let share = through * alpha
        through -= share
        if share > 0 { seen += 1 }
        var wanted = 0.0
        for entry in 3 * pixel..<3 * pixel + 3
        where Int(shares.components[entry]) == layer {
          wanted = Double(shares.responsibilities[entry])
        }
        // Shares below 1/64 went to others.
        #expect(abs(share - wanted) < 2.0 / 64 + 2.0 / 255)
      }
      #expect((1...3).contains(seen))
      #expect(abs(through) < 1e-9)
    }
  }

  /// One layer alone is the same as among all, on any number of threads, and whether
  /// colours are looked up or split at every pixel.
  @Test(arguments: [LayerBlend.normal, .add])
  func layersDoNotDependOnTheWay(blend: LayerBlend) throws {
    let pixels = Self.pixels(hasAlpha: false)
    let split = try Self.split(pixels, blend: blend)
    let other = try Self.split(
      pixels, blend: blend, threads: 3, mostTableBytes: 0)
    let strip = split.strip(4..<19)
    let samples = Self.samples(strip)
    #expect(samples == Self.samples(other.strip(4..<19)))
    for layer in 0..<6 {
      for split in [split, other] {
        #expect(
          Self.samples(split.strip(4..<19, only: layer))
            == Array(samples[strip.range(of: layer)]))
      }
    }
  }

  /// Light adds up to that of the picture, and alpha to its alpha.
  @Test(arguments: [false, true])
  func lightAddsUp(hasAlpha: Bool) throws {
    let pixels = Self.pixels(hasAlpha: hasAlpha)
    let split = try Self.split(pixels, blend: .add)
    let layers = LayerLight(split)
    var sums = [SIMD4<Double>](repeating: .zero, count: 1_200)
    for layer in split.plan.layers.indices {
      for (n, light) in layers.strip(0..<30, of: layer).enumerated() {
        #expect(light.min() >= 0)
        sums[n] += SIMD4<Double>(light)
      }
    }
    let raster = pixels.rounded()
    let width = raster.channels.count
    for (n, sum) in sums.enumerated() {
      let alpha = width == 4 ? Double(raster.samples[4 * n + 3]) / 255 : 1
      #expect(abs(sum.w - alpha) < 1e-6)
      for d in 0..<3 {
        let encoded = Double(raster.samples[width * n + d]) / 255
        let light =
          encoded <= 0.04045
          ? encoded / 12.92 : pow((encoded + 0.055) / 1.055, 2.4)
        #expect(abs(sum[d] - alpha * light) < 1e-6)
      }
    }
    #expect(LayerQuality(of: split).reconstructionError == 0)
  }

  @Test func groupsShareALayer() throws {
    let pixels = Self.pixels(hasAlpha: false)
    let groups = [
      LayerPlan.Group(name: "sky & sea", components: [4, 1])
    ]
    let split = try Self.split(pixels, groups: groups)
    #expect(
      split.plan.layers.map(\.name) == [
        "layer 0", "sky & sea", "layer 2", "layer 3", "layer 5",
      ])
    #expect(split.plan.layers[1].components == [1, 4])
    #expect(LayerQuality(of: split).reconstructionError == 0)
    let alone = LayerQuality(of: try Self.split(pixels)).shares
    let grouped = LayerQuality(of: split).shares
    #expect(abs(grouped[1] - alone[1] - alone[4]) < 1e-9)
  }

  @Test func wrongGroupsAreRefused() {
    func plan(_ groups: [LayerPlan.Group]) throws(SegmentationError) {
      _ = try LayerPlan(of: ["a", "b", "c"], grouping: groups)
    }
    #expect(throws: SegmentationError.layerComponent(3, of: 3)) {
      try plan([LayerPlan.Group(name: "x", components: [3])])
    }
    #expect(throws: SegmentationError.layerComponent(1, of: 3)) {
      try plan([
        LayerPlan.Group(name: "x", components: [0, 1]),
        LayerPlan.Group(name: "y", components: [1]),
      ])
    }
    #expect(throws: SegmentationError.layerName("c")) {
      try plan([LayerPlan.Group(name: "c", components: [0, 1])])
    }
  }
}
