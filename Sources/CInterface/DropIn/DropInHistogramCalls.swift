// The header has the names of these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import ParallelWork
import Quantization
import Rasters

private typealias Box = Handle<DropInHistogram>

@c @implementation
public func liq_histogram_create(_ attr: OpaquePointer?) -> OpaquePointer? {
  guard Handle<DropInAttributes>.known(attr) != nil else { return nil }
  return dropIn(DropInHistogram())
}

@c @implementation
public func liq_histogram_add_image(
  _ histogram: OpaquePointer?, _ attr: OpaquePointer?,
  _ image: OpaquePointer?
) -> liq_error {
  guard let box = Box.known(histogram),
    Handle<DropInAttributes>.known(attr) != nil,
    let image = Handle<DropInImage>.known(image)?.value
  else { return LIQ_INVALID_POINTER }
  var counted = ColorHistogram(
    of: image.raster, workers: Workers(threads: processors))
  if let map = image.importance,
    var options = try? QuantizerOptions(colors: 256)
  {
    options.importance = .map(map)
    options.threads = processors
    if let weighted = try? Quantizer(options).histogram(
      of: .eight(image.raster))
    {
      counted = weighted
    }
  }
  box.value.colors.add(counted)
  for color in image.fixed where !box.value.fixed.contains(color) {
    box.value.fixed.append(color)
  }
  if image.hasFixedTransparency { box.value.hasFixedTransparency = true }
  return LIQ_OK
}

@c @implementation
public func liq_histogram_add_colors(
  _ histogram: OpaquePointer?, _ attr: OpaquePointer?,
  _ entries: UnsafePointer<liq_histogram_entry>?, _ count: CInt,
  _ gamma: Double
) -> liq_error {
  guard let box = Box.known(histogram),
    Handle<DropInAttributes>.known(attr) != nil, let entries
  else { return LIQ_INVALID_POINTER }
  guard count > 0, DropInGamma.isGamma(gamma),
    let size = ImageSize(width: Int(count), height: 1)
  else { return LIQ_VALUE_OUT_OF_RANGE }
  let table = DropInGamma.table(from: gamma, to: 0)
  func sample(_ value: UInt8) -> UInt8 { table?[Int(value)] ?? value }
  let samples = (0..<Int(count)).flatMap { n -> [UInt8] in
    let color = entries[n].color
    return [sample(color.r), sample(color.g), sample(color.b), color.a]
  }
  var weights: [SIMD4<UInt8>: Double] = [:]
  for n in 0..<Int(count) {
    // Complete transparency is one colour.
    let color =
      samples[4 * n + 3] == 0
      ? SIMD4<UInt8>.zero
      : SIMD4(
        samples[4 * n], samples[4 * n + 1], samples[4 * n + 2],
        samples[4 * n + 3])
    weights[color, default: 0] += Double(entries[n].count)
  }
  guard weights.values.contains(where: { $0 > 0 }) else {
    return LIQ_VALUE_OUT_OF_RANGE
  }
  // How often each is meant, and not how often it is there, is its weight.
  var colors = ColorHistogram(
    of: Raster(size: size, channels: .rgba, samples: samples))
  colors.weights = (0..<colors.count).map { n in
    weights[SIMD4(truncatingIfNeeded: colors.color(n) &>> 8)] ?? 0
  }
  box.value.colors.add(colors)
  return LIQ_OK
}

@c @implementation
public func liq_histogram_add_fixed_color(
  _ histogram: OpaquePointer?, _ color: liq_color, _ gamma: Double
) -> liq_error {
  guard let box = Box.known(histogram) else { return LIQ_INVALID_POINTER }
  guard DropInGamma.isGamma(gamma) else { return LIQ_VALUE_OUT_OF_RANGE }
  guard box.value.fixed.count < 255 else { return LIQ_UNSUPPORTED }
  DropInFixed(color, gamma: gamma).add(
    to: &box.value.fixed, &box.value.hasFixedTransparency)
  return LIQ_OK
}

@c @implementation
public func liq_histogram_destroy(_ histogram: OpaquePointer?) {
  Box.release(histogram)
}
