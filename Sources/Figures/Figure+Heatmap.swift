import Execution
import Tensors

/// A matrix drawn as coloured cells; row 0 is above.
public struct Heatmap: Sendable, Equatable {
  /// How many rows.
  public let rows: Int
  /// How many columns.
  public let columns: Int
  /// The numbers, row by row.
  public let values: [Double]
  /// A name per row, or empty.
  public let rowLabels: [String]
  /// A name per column, or empty.
  public let columnLabels: [String]
  /// What the colours measure, or empty.
  public let name: String
  /// The ends of the colour scale.
  let scale: ColourScale

  var leftOut: Int { values.filter { !$0.isDrawable }.count }
}

/// Small grey images of equal size.
public struct Tiles: Sendable, Equatable {
  /// How many images.
  public let count: Int
  /// Height of an image in pixels.
  public let height: Int
  /// Width of an image in pixels.
  public let width: Int
  /// Brightness, image by image and row by row.
  public let values: [Double]
  /// A line under each image, or empty.
  public let captions: [String]
  /// The brightness of black and of white.
  let scale: ColourScale

  var leftOut: Int { values.filter { !$0.isDrawable }.count }
}

/// The numbers of the lowest and of the highest colour.
struct ColourScale: Sendable, Equatable {
  let low: Double
  let high: Double

  /// The range of the drawable numbers, widened if all are (nearly) equal.
  init(of values: some Sequence<Double>) {
    let (low, high) = extent(of: values) ?? (0, 1)
    let size = max(abs(low), abs(high))
    let isWide = high - low > max(1e-9 * size, 1e-300)
    let margin = isWide ? 0 : max(1e-6 * size, 0.5)
    (self.low, self.high) = (low - margin, high + margin)
  }

  /// Where a number stands: 0 at the low end, 1 at the high end.
  func share(_ value: Double) -> Double { min(max((value - low) / (high - low), 0), 1) }
}

extension Figure {
  /// A matrix, as a tensor [R, C], with names for rows and columns (empty: none).
  ///
  /// - Throws: a `Failure` for another rank, no cells, or labels that are too few or many.
  public static func heatmap(
    _ matrix: Tensor, rowLabels: [String] = [], columnLabels: [String] = [], name: String = "",
    frame: Frame = Frame()
  ) throws -> Figure {
    guard matrix.rank == 2 else {
      throw Failure(
        "found a matrix of shape \(Tensor.text(of: matrix.shape)) for a heatmap, expected rank 2")
    }
    return try heatmap(
      rows: matrix.shape[0], columns: matrix.shape[1], values: matrix.numbers,
      rowLabels: rowLabels, columnLabels: columnLabels, name: name, frame: frame)
  }

  /// A matrix given by its rows.
  ///
  /// - Throws: a `Failure` for rows of different lengths, no cells, or labels too few or many.
  public static func heatmap(
    rows: [[Double]], rowLabels: [String] = [], columnLabels: [String] = [], name: String = "",
    frame: Frame = Frame()
  ) throws -> Figure {
    let columns = rows.first?.count ?? 0
    for (place, row) in rows.enumerated() {
      try Check.equal(row.count, "row \(place) of the matrix", columns, as: "row 0")
    }
    return try heatmap(
      rows: rows.count, columns: columns, values: rows.flatMap { $0 }, rowLabels: rowLabels,
      columnLabels: columnLabels, name: name, frame: frame)
  }

  private static func heatmap(
    rows: Int, columns: Int, values: [Double], rowLabels: [String], columnLabels: [String],
    name: String, frame: Frame
  ) throws -> Figure {
    try Check.notEmpty(values.count, "cells", kind: "a heatmap")
    if !rowLabels.isEmpty { try Check.equal(rowLabels.count, "row labels", rows, as: "rows") }
    if !columnLabels.isEmpty {
      try Check.equal(columnLabels.count, "column labels", columns, as: "columns")
    }
    let heatmap = Heatmap(
      rows: rows, columns: columns, values: values,
      rowLabels: rowLabels.map(singleLine), columnLabels: columnLabels.map(singleLine),
      name: singleLine(name), scale: ColourScale(of: values))
    return try Figure(.heatmap(heatmap), frame)
  }

  /// Grey images [N, h, w] (or one image [h, w]), the largest number white.
  ///
  /// - Throws: a `Failure` for another rank, no pixels, or captions that are too few or many.
  public static func tiles(
    _ images: Tensor, captions: [String] = [], frame: Frame = Frame()
  ) throws -> Figure {
    let shape = images.rank == 2 ? [1] + images.shape : images.shape
    guard shape.count == 3 else {
      throw Failure(
        "found images of shape \(Tensor.text(of: images.shape)), expected [N, h, w] or [h, w]")
    }
    try Check.notEmpty(images.count, "pixels", kind: "tiles")
    if !captions.isEmpty { try Check.equal(captions.count, "captions", shape[0], as: "images") }
    let numbers = images.numbers
    let tiles = Tiles(
      count: shape[0], height: shape[1], width: shape[2], values: numbers,
      captions: captions.map(singleLine), scale: ColourScale(of: numbers))
    return try Figure(.tiles(tiles), frame)
  }
}
