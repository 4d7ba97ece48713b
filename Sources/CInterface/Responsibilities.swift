// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import ParallelWork
import Quantization
import Rasters
import Segmentation
import TruncatedEM

private typealias Box = Handle<ResponsibilityMap>

@c @implementation
public func quantize_soft_create(
  _ palette: OpaquePointer?, _ image: OpaquePointer?,
  _ options: OpaquePointer?, _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let fitted = try Handle<FittedColors>.of(palette, "palette").value.fitted
    let pixels = try Handle<Pixels>.of(image, "image").value
    let call = callOptions(options)
    let histogram = ColorHistogram(
      of: pixels, workers: Workers(threads: call.threads))
    guard !fitted.space.isGrey || histogram.isGrey || histogram.visible.isEmpty
    else {
      throw .notPossible(
        "the palette was fitted to grey pixels, but the image has colours")
    }
    let map: ResponsibilityMap
    do throws(SegmentationError) {
      map = try ResponsibilityMap(
        pixels, histogram: histogram, in: fitted.space,
        model: fitted.fit.model, truncation: Truncation(call.cprime),
        threads: call.threads)
    } catch {
      throw Failure(error)
    }
    Box.give(map, to: out)
  }
}

@c @implementation
public func quantize_soft_free(_ soft: OpaquePointer?) { Box.release(soft) }

@c @implementation
public func quantize_soft_cprime(_ soft: OpaquePointer?) -> Int {
  Box.known(soft)?.value.truncation.count ?? 0
}

@c @implementation
public func quantize_soft_components(_ soft: OpaquePointer?) -> Int {
  Box.known(soft)?.value.components ?? 0
}

@c @implementation
public func quantize_soft_rows(
  _ soft: OpaquePointer?, _ first: Int, _ rows: Int,
  _ components: UnsafeMutablePointer<UInt16>?,
  _ responsibilities: UnsafeMutablePointer<Float>?
) -> quantize_status {
  status { () throws(Failure) in
    let map = try Box.of(soft, "soft").value
    let components = try given(components, "components")
    let responsibilities = try given(responsibilities, "responsibilities")
    guard rows >= 1, first >= 0, first < map.size.height,
      rows <= map.size.height - first
    else {
      throw .argument(
        "the image has rows 0 to \(map.size.height - 1), not \(rows) from "
          + "\(first) on")
    }
    let strip = map.strip(first..<first + rows)
    components.update(from: strip.components, count: strip.components.count)
    responsibilities.update(
      from: strip.responsibilities, count: strip.responsibilities.count)
  }
}
