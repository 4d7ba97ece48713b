// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import Quantization
import Rasters

private typealias Box = Handle<HistogramMerger>

/// The colours of a histogram, of which there must be some.
private func colors(
  of histogram: OpaquePointer?
) throws(Failure) -> ColorHistogram {
  guard let colors = try Box.of(histogram, "histogram").value.merged() else {
    throw .notPossible("the histogram is empty")
  }
  return colors
}

@c @implementation
public func quantize_histogram_create(
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    Box.give(HistogramMerger(), to: try given(out, "out"))
  }
}

@c @implementation
public func quantize_histogram_free(_ histogram: OpaquePointer?) {
  Box.release(histogram)
}

@c @implementation
public func quantize_histogram_add_image(
  _ histogram: OpaquePointer?, _ image: OpaquePointer?,
  _ options: OpaquePointer?
) -> quantize_status {
  status { () throws(Failure) in
    let box = try Box.of(histogram, "histogram")
    let pixels = try Handle<Pixels>.of(image, "image").value
    var call = callOptions(options)
    // Colours are only counted: what they become decides the fit.
    (call.means, call.palette, call.colors, call.pinned) = (nil, nil, nil, [])
    let quantizer = Quantizer(try call.quantizer())
    let colors = try quantizing { () throws(QuantizationError) in
      try quantizer.histogram(of: pixels)
    }
    box.value.add(colors)
  }
}

@c @implementation
public func quantize_histogram_add(
  _ histogram: OpaquePointer?, _ other: OpaquePointer?
) -> quantize_status {
  status { () throws(Failure) in
    let box = try Box.of(histogram, "histogram")
    if let colors = try Box.of(other, "other").value.merged() {
      box.value.add(colors)
    }
  }
}

@c @implementation
public func quantize_histogram_add_colors(
  _ histogram: OpaquePointer?, _ rgba: UnsafePointer<UInt16>?,
  _ counts: UnsafePointer<UInt64>?, _ weights: UnsafePointer<Double>?,
  _ count: Int
) -> quantize_status {
  status { () throws(Failure) in
    let box = try Box.of(histogram, "histogram")
    let rgba = try given(rgba, "rgba")
    let counts = try given(counts, "counts")
    _ = try size(count, 32, name: "the colours")
    guard count > 0 else { throw .argument("there are no colours") }
    var pixels: [UInt32] = []
    for n in 0..<count {
      guard let number = UInt32(exactly: counts[n]), number > 0 else {
        throw .argument(
          "a count must be 1 to \(UInt32.max), not \(counts[n])")
      }
      pixels.append(number)
    }
    let colors = (0..<count).map {
      SIMD4(rgba[4 * $0], rgba[4 * $0 + 1], rgba[4 * $0 + 2], rgba[4 * $0 + 3])
    }
    let shares = weights.map {
      Array(UnsafeBufferPointer(start: $0, count: count))
    }
    guard
      let added = ColorHistogram(
        colors: colors, counts: pixels, weights: shares)
    else {
      throw .argument("weights must be finite, not negative, and not all 0")
    }
    box.value.add(added)
  }
}

@c @implementation
public func quantize_histogram_count(_ histogram: OpaquePointer?) -> Int {
  Box.known(histogram)?.value.merged()?.count ?? 0
}

@c @implementation
public func quantize_histogram_pixels(_ histogram: OpaquePointer?) -> UInt64 {
  UInt64(Box.known(histogram)?.value.merged()?.pixelCount ?? 0)
}

@c @implementation
public func quantize_histogram_get(
  _ histogram: OpaquePointer?, _ rgba: UnsafeMutablePointer<UInt16>?,
  _ counts: UnsafeMutablePointer<UInt64>?,
  _ weights: UnsafeMutablePointer<Double>?
) -> quantize_status {
  status { () throws(Failure) in
    let box = try Box.of(histogram, "histogram")
    guard let colors = box.value.merged() else { return }
    for n in 0..<colors.count {
      let color = colors.color(n)
      for channel in 0..<4 { rgba?[4 * n + channel] = color[channel] }
      counts?[n] = UInt64(colors.counts[n])
      weights?[n] = colors.weights?[n] ?? Double(colors.counts[n])
    }
  }
}

@c @implementation
public func quantize_histogram_size(
  _ histogram: OpaquePointer?, _ out: UnsafeMutablePointer<Int>?
) -> quantize_status {
  status { () throws(Failure) in
    try given(out, "out").pointee = try colors(of: histogram).byteCount
  }
}

@c @implementation
public func quantize_histogram_write(
  _ histogram: OpaquePointer?, _ bytes: UnsafeMutableRawPointer?, _ size: Int
) -> quantize_status {
  status { () throws(Failure) in
    let written = try colors(of: histogram).bytes()
    let bytes = try given(bytes, "bytes")
    guard size >= written.count else {
      throw .argument(
        "the histogram takes \(written.count) bytes, but there is room for "
          + "\(size)")
    }
    bytes.copyMemory(from: written, byteCount: written.count)
  }
}

@c @implementation
public func quantize_histogram_read(
  _ bytes: UnsafeRawPointer?, _ size: Int,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let bytes = try given(bytes, "bytes")
    guard size >= 0 else { throw .argument("no memory has room for the bytes") }
    var histogram = HistogramMerger()
    do throws(HistogramError) {
      histogram.add(
        try ColorHistogram(
          bytes: Array(UnsafeRawBufferPointer(start: bytes, count: size))))
    } catch {
      throw Failure(error)
    }
    Box.give(histogram, to: out)
  }
}

@c @implementation
public func quantize_histogram_fit(
  _ histogram: OpaquePointer?, _ options: OpaquePointer?,
  _ progress: quantize_progress?, _ context: UnsafeMutableRawPointer?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let colors = try colors(of: histogram)
    let quantizer = Quantizer(try callOptions(options).quantizer())
    let fitted = try observed(progress, context) { observer throws(Failure) in
      try quantizing { () throws(QuantizationError) in
        try quantizer.palette(of: colors, observer: observer)
      }
    }
    Handle.give(
      FittedColors(fitted: fitted, palette: fitted.palette), to: out)
  }
}
