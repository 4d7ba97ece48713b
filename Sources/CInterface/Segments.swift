// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import Quantization
import Rasters
import Regions
import Segmentation
import TruncatedEM

private typealias Box = Handle<LabelMap>

@c @implementation
public func quantize_segments_create(
  _ image: OpaquePointer?, _ options: OpaquePointer?, _ spatial: Double,
  _ leastRegion: Int, _ progress: quantize_progress?,
  _ context: UnsafeMutableRawPointer?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let pixels = try Handle<Pixels>.of(image, "image").value
    guard leastRegion >= 1 else {
      throw .argument("a region has at least 1 pixel, not \(leastRegion)")
    }
    var call = callOptions(options)
    (call.means, call.palette, call.quality, call.pinned) = (nil, nil, nil, [])
    call.space = .srgb
    let quantizer = try call.quantizer()
    var fit = FitOptions(quantizer)
    // That of the image.
    fit.leastComponentVariance = nil
    let settings = fit
    let map = try observed(progress, context) { observer throws(Failure) in
      observer?(.stage(.fit))
      do throws(SegmentationError) {
        let segmentation = try SpatialSegmentation(
          pixels, components: quantizer.components,
          truncation: quantizer.truncation, spatial: spatial,
          options: settings, seed: quantizer.seed)
        observer?(.stage(.map))
        return segmentation.map(leastRegion: leastRegion)
      } catch {
        throw Failure(error)
      }
    }
    Box.give(map, to: out)
  }
}

@c @implementation
public func quantize_superpixels_create(
  _ image: OpaquePointer?, _ count: Int, _ cprime: Int, _ compactness: Double,
  _ threads: Int, _ progress: quantize_progress?,
  _ context: UnsafeMutableRawPointer?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let raster = try Handle<Pixels>.of(image, "image").value.rounded()
    let threads = try threadCount(threads)
    guard count <= PaletteSize.range.upperBound else {
      throw .argument(
        "the number of superpixels must be 1 to "
          + "\(PaletteSize.range.upperBound), not \(count)")
    }
    // More than there are pixels are as many as there are.
    var options = SuperpixelOptions(count: min(count, raster.size.pixelCount))
    options.truncation = cprime
    options.compactness = compactness
    let changed = options
    let map = try observed(progress, context) { observer throws(Failure) in
      observer?(.stage(.fit))
      do throws(SegmentationError) {
        return try Superpixels(raster, changed, threads: threads) {
          observer?(.stage(.map))
        }.map
      } catch {
        throw Failure(error)
      }
    }
    Box.give(map, to: out)
  }
}

@c @implementation
public func quantize_segments_free(_ segments: OpaquePointer?) {
  Box.release(segments)
}

@c @implementation
public func quantize_segments_count(_ segments: OpaquePointer?) -> Int {
  Box.known(segments)?.value.count ?? 0
}

@c @implementation
public func quantize_segments_labels(
  _ segments: OpaquePointer?, _ labels: UnsafeMutablePointer<Int32>?
) -> quantize_status {
  status { () throws(Failure) in
    let map = try Box.of(segments, "segments").value
    try given(labels, "labels").update(
      from: map.labels, count: map.labels.count)
  }
}
