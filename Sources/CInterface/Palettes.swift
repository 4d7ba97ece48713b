// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import Quantization
import Rasters

private typealias Box = Handle<FittedColors>

@c @implementation
public func quantize_palette_free(_ palette: OpaquePointer?) {
  Box.release(palette)
}

@c @implementation
public func quantize_palette_count(_ palette: OpaquePointer?) -> Int {
  Box.known(palette)?.value.palette.entries.count ?? 0
}

@c @implementation
public func quantize_palette_get(
  _ palette: OpaquePointer?, _ rgba: UnsafeMutablePointer<UInt8>?,
  _ counts: UnsafeMutablePointer<UInt64>?,
  _ components: UnsafeMutablePointer<Int32>?
) -> quantize_status {
  status { () throws(Failure) in
    let entries = try Box.of(palette, "palette").value.palette.entries
    for (n, entry) in entries.enumerated() {
      rgba?[4 * n] = entry.color.red
      rgba?[4 * n + 1] = entry.color.green
      rgba?[4 * n + 2] = entry.color.blue
      rgba?[4 * n + 3] = entry.alpha
      counts?[n] = UInt64(entry.count)
      components?[n] = Int32(entry.component ?? -1)
    }
  }
}

@c @implementation
public func quantize_palette_model(
  _ palette: OpaquePointer?, _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let box = try Box.of(palette, "palette")
    Handle.give(FittedModel(box.value.fitted.fit), to: out)
  }
}

@c @implementation
public func quantize_palette_map(
  _ palette: OpaquePointer?, _ image: OpaquePointer?,
  _ options: OpaquePointer?, _ progress: quantize_progress?,
  _ context: UnsafeMutableRawPointer?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let colors = try Box.of(palette, "palette").value.palette
    let pixels = try Handle<Pixels>.of(image, "image").value
    var call = callOptions(options)
    // The colours of another start would be taken in place of the palette's.
    (call.means, call.colors, call.pinned) = (nil, nil, [])
    call.palette = try quantizing { () throws(QuantizationError) in
      try FixedPalette(colors)
    }
    call.entries = colors.entries.map {
      FixedPalette.Color(color: $0.color, alpha: $0.alpha)
    }
    try quantize(pixels, call, progress, context, to: out)
  }
}

@c @implementation
public func quantize_image_quantize(
  _ image: OpaquePointer?, _ options: OpaquePointer?,
  _ progress: quantize_progress?, _ context: UnsafeMutableRawPointer?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let pixels = try Handle<Pixels>.of(image, "image").value
    try quantize(pixels, callOptions(options), progress, context, to: out)
  }
}

private func quantize(
  _ pixels: Pixels, _ call: CallOptions, _ progress: quantize_progress?,
  _ context: UnsafeMutableRawPointer?,
  to out: UnsafeMutablePointer<OpaquePointer?>
) throws(Failure) {
  let quantizer = Quantizer(try call.quantizer())
  let image = try observed(progress, context) { observer throws(Failure) in
    try quantizing { () throws(QuantizationError) in
      try quantizer.quantize(pixels, observer: observer)
    }
  }
  Handle.give(image, to: out)
}
