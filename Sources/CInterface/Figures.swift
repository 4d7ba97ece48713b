// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import ImageQuality
import ParallelWork
import Rasters

@c @implementation
public func quantize_image_compare(
  _ image: OpaquePointer?, _ original: OpaquePointer?, _ threads: Int,
  _ out: UnsafeMutablePointer<quantize_figures>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let pixels = try Handle<Pixels>.of(image, "image").value
    let reference = try Handle<Pixels>.of(original, "original").value
    let workers = Workers(threads: try threadCount(threads))
    do throws(MetricsError) {
      let metrics = try ImageMetrics(
        of: pixels, against: reference, workers: workers)
      out.pointee = quantize_figures(
        mse: metrics.distortion.meanSquaredError,
        psnr: metrics.distortion.peakSignalToNoiseRatio,
        ssim: metrics.structuralSimilarity ?? .nan,
        delta_e2000: metrics.colorDifference.mean,
        delta_e2000_p95: metrics.colorDifference.percentile95,
        oklab_mse: metrics.oklabMeanSquaredError)
    } catch {
      throw .argument(error.message)
    }
  }
}
