/** Charts: run records to Vega-Lite specs, and their SVG, PNG and report. */
export { accuracyByDimension } from "./accuracyByDimension.js";
export { metricByBudget } from "./metricByBudget.js";
export { trainingCurves } from "./trainingCurves.js";
export { chart, type Chart } from "./chart.js";
export { liveTraining, type LiveTrainingOptions } from "./live.js";
export { againstDimension } from "./againstDimension.js";
export { d90AlongPretraining } from "./d90AlongPretraining.js";
export { d90BySize, fitOfSizes } from "./d90BySize.js";
export type { BoundCurvesOptions, BoundPoint } from "./boundCurves.js";
export { accuracyChart, boundChart, boundCurvesChart, generalizationChart, methodsChart, seriesChart, tradeOffChart, trainingChart } from "./ofRecords.js";
export { renderPng, renderSvg, type PngOptions } from "./render.js";
export { seriesInWords } from "./seriesInWords.js";
export { makeReport, writeReport, type Report, type ReportOptions } from "./report.js";
export { dark, light, themeConfig, type Palette } from "./theme.js";
