import ColorModels
import ParallelWork
public import Quantization
public import Rasters

/// An image as layers that are the image again when they are put together.
///
/// The share of a layer is the sum of its components' responsibilities, times the
/// pixel's alpha; its colour at a pixel is as close to those of the components as it can
/// be. docs/layers.md says what is guaranteed.
public struct LayerSplit: Sendable {
  /// The responsibilities.
  public let map: ResponsibilityMap

  /// The layers.
  public let plan: LayerPlan

  /// How they are put together.
  public let blend: LayerBlend

  /// The most threads to use; the result does not depend on it.
  public let threads: Int

  /// Whether any pixel of the image may not be opaque.
  public let hasAlpha: Bool

  /// For each component its colour, how opaque it is, and its variance.
  let components: [Component]

  /// A component as its layer sees it.
  struct Component {
    /// Its layer.
    let layer: Int

    /// Red, green and blue as they are encoded, 0 to 1.
    let color: SIMD3<Double>

    /// The same in linear light.
    let light: SIMD3<Double>

    /// 0 to 1; a little above 0 for complete transparency.
    let opacity: Double

    /// As a share of the others'.
    let variance: Double
  }

  /// The layers of each distinct colour, where they do not depend on the place.
  private var table: LayerTable?

  /// The bytes that the layers of a strip have at most, where those of a row have not
  /// more.
  private static let mostBytes = 1 << 26

  /// Prepares to split an image.
  ///
  /// - Parameters:
  ///   - map: Its responsibilities.
  ///   - colors: The colours of the components.
  ///   - plan: The layers.
  ///   - blend: How they are put together.
  ///   - threads: The most threads to use.
  /// - Complexity: O(pixels) + O(distinct colours × C'²).
  public init(
    _ map: ResponsibilityMap, _ colors: [ComponentColors.Color],
    _ plan: LayerPlan, blend: LayerBlend = .normal, threads: Int = 1
  ) {
    precondition(colors.count == plan.layerOfComponent.count)
    self.map = map
    self.plan = plan
    self.blend = blend
    self.threads = threads
    let variances = map.model.variances
    components = colors.enumerated().map { c, color in
      let alpha = color.premultiplied.w
      let samples = alpha > 0 ? color.premultiplied / alpha : .zero
      let own = variances.map { c < $0.count ? $0[c] : 0 } ?? 1
      let encoded = SIMD3(samples.x, samples.y, samples.z).clamped(
        lowerBound: .zero, upperBound: .one)
      return Component(
        layer: plan.layerOfComponent[c], color: encoded,
        light: encoded.mapped(TransferFunction.light),
        opacity: max(1e-6, min(1, alpha)),
        // Of one colour only there may be none at all.
        variance: max(own, 1e-12))
    }
    // A coordinate of alpha is there where pixels are translucent; superpixels, which
    // are made of pixels in memory, have none.
    hasAlpha =
      [2, 4].contains(map.colorModel.dimension)
      || colors.contains { $0.alpha < 255 }
      || (map.pixels as? Pixels)?.isOpaque == false
    if blend == .normal || !hasAlpha { table = makeTable() }
  }

  /// Splits each distinct colour.
  private func makeTable() -> LayerTable? {
    guard let colors = map.table, let strip = colors.colors() else {
      return nil
    }
    switch map.pixels.window(0..<1).pixels {
    case .eight:
      return table(strip) {
        UInt8(truncatingIfNeeded: colors.color($0)[$1] >> 8)
      }
    case .sixteen: return table(strip) { colors.color($0)[$1] }
    }
  }

  private func table<Sample: FixedWidthInteger & Sendable>(
    _ strip: ResponsibilityStrip, _ sample: (Int, Int) -> Sample
  ) -> LayerTable? {
    guard var table = LayerTable(colors: strip.width, strip.truncation) else {
      return nil
    }
    var samples: [Sample] = []
    samples.reserveCapacity(4 * strip.width)
    for n in 0..<strip.width {
      for d in 0..<4 { samples.append(sample(n, d)) }
    }
    let whole = WholeLayers(most: Double(Sample.max))
    table.withRoom { room in
      forEachPixel(strip, samples, 4, only: nil) {
        color, point, alpha, ideal, samples in
        let count = split(&ideal, point, alpha, whole, samples)
        for i in 0..<count { room.append(samples[i], to: color, i) }
      }
    }
    return table
  }

  /// The layers of a pixel as whole numbers.
  @inline(__always)
  private func split(
    _ ideal: inout LayerColors, _ color: SIMD3<Double>, _ alpha: Double,
    _ whole: WholeLayers, _ samples: UnsafeMutablePointer<WholeLayers.Sample>
  ) -> Int {
    if blend == .normal { ideal.drop(below: whole.leastShare) }
    ideal.solve(color / whole.most)
    return blend == .normal
      ? whole.normal(ideal, color, alpha: alpha, samples)
      : whole.sum(ideal, color, samples)
  }

  /// Width and height.
  public var size: ImageSize { map.size }

  /// The strips of the image, from the top.
  ///
  /// - Parameter multiple: What the rows of each but the last are a multiple of.
  /// - Returns: Ranges of rows.
  public func strips(multipleOf multiple: Int = 1) -> [Range<Int>] {
    let row = size.width * 8 * plan.layers.count * multiple
    let height = max(1, Self.mostBytes / row) * multiple
    return map.strips(of: min(height, map.stripHeight(multipleOf: multiple)))
  }

  /// The layers of some rows.
  ///
  /// - Parameters:
  ///   - rows: Rows of the image, at least one.
  ///   - layer: The only one that is wanted; `nil` for all.
  /// - Returns: Whole numbers that make the pixels of the image.
  /// - Precondition: Layers lie over each other, or the image is opaque.
  /// - Complexity: O(pixels × (C'² + layers)).
  public func strip(_ rows: Range<Int>, only layer: Int? = nil) -> LayerStrip {
    precondition(blend == .normal || !hasAlpha)
    let pixels = pixels(rows)
    let samples: LayerStrip.Samples =
      switch pixels {
      case .eight(let raster):
        .eight(layers(rows, raster.samples, raster.channels.count, only: layer))
      case .sixteen(let raster):
        .sixteen(
          layers(rows, raster.samples, raster.channels.count, only: layer))
      }
    return LayerStrip(
      rows: rows, width: size.width,
      count: layer == nil ? plan.layers.count : 1, channels: channels,
      samples: samples, pixels: pixels)
  }

  /// The pixels of some rows.
  func pixels(_ rows: Range<Int>) -> Pixels {
    let (window, first) = map.pixels.window(rows)
    return window.strip(rows.lowerBound - first..<rows.upperBound - first)
  }

  /// Which samples a pixel of a layer has.
  public var channels: Raster.Channels { blend == .add ? .rgb : .rgba }

  /// The samples of each layer, or of one.
  private func layers<Sample: FixedWidthInteger & Sendable>(
    _ rows: Range<Int>, _ samples: [Sample], _ pixelSamples: Int,
    only layer: Int?
  ) -> [Sample] {
    let count = rows.count * size.width
    let width = channels.count
    let length = width * count * (layer == nil ? plan.layers.count : 1)
    return [Sample](unsafeUninitializedCapacity: length) { room, initialized in
      room.initialize(repeating: 0)
      let room = SharedMemory(room)
      if let table, let colors = map.table {
        let (window, first) = map.pixels.window(rows)
        let start = (rows.lowerBound - first) * size.width
        let pieces = max(1, min(256, count / 16_384))
        Workers(threads: threads).forEach(pieces) { piece in
          let part = (0..<count).piece(piece, of: pieces)
          table.withSource { source in
            colors.forEach(
              start + part.lowerBound..<start + part.upperBound, of: window
            ) { place, color in
              source.write(
                color, to: room.start + width * (part.lowerBound + place),
                layerLength: width * count, width: width, only: layer)
            }
          }
        }
      } else {
        let whole = WholeLayers(most: Double(Sample.max))
        forEachPixel(map.strip(rows), samples, pixelSamples, only: layer) {
          pixel, color, alpha, ideal, samples in
          let found = split(&ideal, color, alpha, whole, samples)
          for i in 0..<found {
            let sample = samples[i]
            guard layer == nil || sample.layer == layer else { continue }
            let place = layer == nil ? sample.layer : 0
            let target = room.start + width * (count * place + pixel)
            for d in 0..<3 { target[d] = Sample(sample.color[d]) }
            if width == 4 { target[3] = Sample(sample.alpha) }
          }
        }
      }
      initialized = length
    }
  }

  /// The shares and colours of the layers of some rows before they are rounded.
  ///
  /// - Parameter rows: Rows of the image, at least one.
  /// - Returns: Those of each pixel.
  /// - Complexity: O(pixels × C').
  func shares(_ rows: Range<Int>) -> LayerShares {
    let strip = map.strip(rows)
    let result = LayerShares(rows, size.width, truncation: strip.truncation)
    func write<Sample: FixedWidthInteger & Sendable>(
      _ samples: [Sample], _ channels: Int
    ) -> LayerShares {
      let most = Double(Sample.max)
      var result = result
      result.withRoom { room in
        forEachPixel(strip, samples, channels, only: nil) {
          pixel, color, alpha, ideal, _ in
          ideal.solve(color / most)
          room.write(ideal, color / most, alpha / most, to: pixel)
        }
      }
      return result
    }
    switch pixels(rows) {
    case .eight(let raster):
      return write(raster.samples, raster.channels.count)
    case .sixteen(let raster):
      return write(raster.samples, raster.channels.count)
    }
  }

  /// Calls `body` on several threads with each pixel that can be seen, and its layers.
  ///
  /// - Parameters:
  ///   - strip: The responsibilities of the pixels.
  ///   - samples: Their samples.
  ///   - channels: The samples of a pixel, 3 or 4.
  ///   - inLight: Whether the components' colours are in linear light.
  ///   - layer: Pixels without this layer are left out.
  ///   - body: Is given the number of the pixel, its samples and alpha, its layers, and
  ///     room for a sample of each.
  @inline(__always)
  func forEachPixel<Sample: FixedWidthInteger & Sendable>(
    _ strip: ResponsibilityStrip, _ samples: [Sample], _ channels: Int,
    inLight: Bool = false, only layer: Int?,
    _ body:
      @Sendable (
        Int, SIMD3<Double>, Double, inout LayerColors,
        UnsafeMutablePointer<WholeLayers.Sample>
      ) -> Void
  ) {
    let count = strip.pixelCount
    let pieces = max(1, min(256, count / 4_096))
    samples.withUnsafeBufferPointer { samples in
      let samples = SharedSource(samples)
      Workers(threads: threads).forEach(pieces) { piece in
        var ideal = LayerColors(capacity: strip.truncation)
        let room = UnsafeMutablePointer<WholeLayers.Sample>.allocate(
          capacity: strip.truncation)
        defer {
          ideal.deallocate()
          room.deallocate()
        }
        for pixel in (0..<count).piece(piece, of: pieces) {
          let first = pixel * channels
          let alpha = channels == 4 ? samples.buffer[first + 3] : .max
          guard alpha > 0 else { continue }
          fill(&ideal, of: pixel, strip, inLight)
          if let layer, ideal.place(of: layer) == nil { continue }
          let color = SIMD3(
            Double(samples.buffer[first]), Double(samples.buffer[first + 1]),
            Double(samples.buffer[first + 2]))
          body(pixel, color, Double(alpha), &ideal, room)
        }
      }
    }
  }

  /// Gathers the layers at a pixel.
  @inline(__always)
  private func fill(
    _ ideal: inout LayerColors, of pixel: Int, _ strip: ResponsibilityStrip,
    _ inLight: Bool
  ) {
    ideal.removeAll()
    for entry in pixel * strip.truncation..<(pixel + 1) * strip.truncation {
      let share = Double(strip.responsibilities[entry])
      guard share > 0 else { continue }
      let component = components[Int(strip.components[entry])]
      ideal.add(
        component.layer, share * component.opacity,
        mean: inLight ? component.light : component.color,
        variance: component.variance)
    }
  }
}

extension SIMD3<Double> {
  /// Each element mapped.
  @inline(__always)
  func mapped(_ body: (Double) -> Double) -> SIMD3 {
    SIMD3(body(x), body(y), body(z))
  }
}
