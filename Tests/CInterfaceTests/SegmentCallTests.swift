import CInterface
import CQuantize
import ImageQuality
import ParallelWork
import Quantization
import Rasters
import Segmentation
import Testing
import TruncatedEM
import _TestSupport

/// Segments and figures: the same as by the types of Swift.
@Suite struct SegmentCallTests {
  private let raster = TestRasters.noisyGradient(width: 40, height: 30)

  private func labels(_ segments: OpaquePointer?) -> [Int32] {
    var labels = [Int32](repeating: -1, count: raster.size.pixelCount)
    #expect(quantize_segments_labels(segments, &labels) == QUANTIZE_OK)
    return labels
  }

  @Test func mixtures() throws {
    let image = try CalledImage(raster)
    let options = try CalledOptions()
    options.check(quantize_options_set_colors(options.pointer, 5))
    options.check(quantize_options_set_cprime(options.pointer, 2))
    options.check(quantize_options_set_space(options.pointer, QUANTIZE_LAB))
    var segments: OpaquePointer?
    #expect(
      quantize_segments_create(
        image.pointer, options.pointer, 0.4, 9, nil, nil, &segments)
        == QUANTIZE_OK, "\(said())")
    defer { quantize_segments_free(segments) }
    var wanted = try QuantizerOptions(colors: 5)
    wanted.truncation = .soft(2)
    var fit = FitOptions(wanted)
    fit.leastComponentVariance = nil
    let expected = try SpatialSegmentation(
      .eight(raster), components: 5, truncation: .soft(2), spatial: 0.4,
      options: fit
    ).map(leastRegion: 9)
    #expect(labels(segments) == expected.labels)
    #expect(quantize_segments_count(segments) == expected.count)
    var none: OpaquePointer?
    #expect(
      quantize_segments_create(
        image.pointer, options.pointer, 0.4, 0, nil, nil, &none)
        == QUANTIZE_INVALID_ARGUMENT)
    #expect(said() == "a region has at least 1 pixel, not 0")
  }

  @Test func superpixels() throws {
    let image = try CalledImage(raster)
    var segments: OpaquePointer?
    #expect(
      quantize_superpixels_create(
        image.pointer, 20, 3, 3, 0, nil, nil, &segments) == QUANTIZE_OK)
    defer { quantize_segments_free(segments) }
    var options = SuperpixelOptions(count: 20)
    options.truncation = 3
    let expected = try Superpixels(raster, options)
    #expect(labels(segments) == expected.map.labels)
    var none: OpaquePointer?
    #expect(
      quantize_superpixels_create(
        image.pointer, 20, 3, .nan, 0, nil, nil, &none)
        == QUANTIZE_NOT_POSSIBLE)
    #expect(none == nil)
  }

  @Test func figures() throws {
    let other = TestRasters.make(width: 40, height: 30) { x, y in
      UInt32(x * 5) << 16 | UInt32(y * 7) << 8 | 40
    }
    var figures = quantize_figures()
    let (mapped, original) = (try CalledImage(other), try CalledImage(raster))
    #expect(
      quantize_image_compare(mapped.pointer, original.pointer, 0, &figures)
        == QUANTIZE_OK)
    let expected = try ImageMetrics(
      of: .eight(other), against: .eight(raster), workers: Workers(threads: 2))
    #expect(figures.mse == expected.distortion.meanSquaredError)
    #expect(figures.psnr == expected.distortion.peakSignalToNoiseRatio)
    #expect(figures.ssim == expected.structuralSimilarity)
    #expect(figures.delta_e2000 == expected.colorDifference.mean)
    #expect(figures.delta_e2000_p95 == expected.colorDifference.percentile95)
    #expect(figures.oklab_mse == expected.oklabMeanSquaredError)
  }
}
