"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const page = document.getElementById("page");
  const colours = ["#4c8df6", "#f28a2e", "#22a978", "#a970e8", "#e5534b", "#c9a313", "#7b8794",
    "#19a7b8"];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const drawn = [];

  // Text is set as text, whatever it says.
  const add = (parent, tag, text, style) => {
    const element = parent.appendChild(document.createElement(tag));
    if (text !== undefined) element.textContent = text;
    if (style) element.className = style;
    return element;
  };

  // One colour for one name, wherever it appears; a ratio has that of what is above the line.
  const known = [];
  const colour = name => {
    const key = name.replace(/^cpu \(?/, "").split(/[/-]/)[0];
    if (!known.includes(key)) known.push(key);
    return colours[known.indexOf(key) % colours.length];
  };

  const number = value => value === 0 ? "0"
    : Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en")
    : String(Number(value.toPrecision(3)));

  // An axis of multiples is read by its powers of ten, and by 2 and 5 where those are few.
  const isMark = (chart, value) => {
    const all = chart.series.flatMap(each => each.values).filter(each => each > 0);
    const marks = Math.max(...all) / Math.min(...all) > 200 ? [1] : [1, 2, 5];
    return chart.scale === "LINEAR" || marks.includes(Number(value.toExponential().split("e")[0]));
  };

  const axis = (chart, ink, line) => ({
    type: chart.scale === "LOGARITHMIC" ? "logarithmic" : "linear",
    min: chart.scale === "LINEAR" && chart.series.every(each => each.values.every(v => v >= 0))
      ? 0 : undefined,
    max: chart.most === null ? undefined : chart.most,
    title: { display: true, text: chart.unit, color: ink },
    grid: { color: line },
    ticks: {
      color: ink, maxRotation: 0,
      callback: value => isMark(chart, value) ? number(value) : null
    }
  });

  const labels = (ink, line) => ({
    grid: { color: line, display: false },
    ticks: { color: ink, autoSkip: false }
  });

  const bars = (chart, ink, line) => ({
    type: "bar",
    data: {
      labels: chart.labels,
      datasets: chart.series.map(each => ({
        label: each.name, data: each.values, backgroundColor: colour(each.name),
        categoryPercentage: 0.84, barPercentage: 0.94, borderRadius: 2
      }))
    },
    options: {
      scales: { x: labels(ink, line), y: axis(chart, ink, line) },
      plugins: {
        legend: { position: "bottom", labels: { color: ink, boxWidth: 12, boxHeight: 12 } },
        tooltip: { callbacks: {
          label: item => item.dataset.label + ": " + number(item.raw) + " " + chart.unit } }
      }
    }
  });

  const reference = (chart, ink) => ({
    id: "reference",
    beforeDatasetsDraw(drawing) {
      if (chart.reference === null) return;
      const x = drawing.scales.x.getPixelForValue(chart.reference);
      const area = drawing.chartArea;
      if (x < area.left || x > area.right) return;
      const pen = drawing.ctx;
      pen.save();
      pen.strokeStyle = ink;
      pen.setLineDash([4, 3]);
      pen.beginPath();
      pen.moveTo(x, area.top);
      pen.lineTo(x, area.bottom);
      pen.stroke();
      pen.restore();
    }
  });

  const middles = (chart, ink) => ({
    id: "middles",
    afterDatasetsDraw(drawing) {
      const pen = drawing.ctx;
      const bodies = drawing.getDatasetMeta(0).data;
      pen.save();
      pen.fillStyle = ink;
      chart.series.forEach((each, i) => {
        const x = drawing.scales.x.getPixelForValue(each.values[1]);
        pen.beginPath();
        pen.arc(x, bodies[i].y, 3.5, 0, 2 * Math.PI);
        pen.fill();
      });
      pen.restore();
    }
  });

  const intervals = (chart, ink, line) => ({
    type: "bar",
    data: {
      labels: chart.series.map(each => each.name),
      datasets: [{
        data: chart.series.map(each => [each.values[0], each.values[2]]),
        backgroundColor: chart.series.map(each => colour(each.group)),
        barThickness: 8, minBarLength: 2, borderSkipped: false, borderRadius: 3
      }]
    },
    options: {
      indexAxis: "y",
      scales: {
        x: { ...axis(chart, ink, line), beginAtZero: false, grace: "4%" },
        y: labels(ink, line)
      },
      plugins: {
        legend: { display: false },
        tooltip: { callbacks: { label: item =>
          chart.series[item.dataIndex].values.map(number).join("  |  ") + " " + chart.unit } }
      }
    },
    plugins: [reference(chart, ink), middles(chart, ink)]
  });

  const draw = () => {
    drawn.splice(0).forEach(each => each.destroy());
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--ink").trim();
    const line = style.getPropertyValue("--line").trim();
    document.querySelectorAll("canvas").forEach(canvas => {
      const [section, index] = canvas.dataset.chart.split(" ");
      const chart = data.sections[section].charts[index];
      const made = (chart.kind === "BARS" ? bars : intervals)(chart, ink, line);
      Object.assign(made.options,
        { responsive: true, maintainAspectRatio: false, animation: false });
      drawn.push(new Chart(canvas, made));
    });
  };

  document.title = data.title;
  page.replaceChildren();
  add(page, "h1", data.title);
  const facts = add(page, "dl");
  data.facts.forEach(([name, value]) => {
    add(facts, "dt", name);
    add(facts, "dd", value);
  });
  data.notes.forEach(text => add(page, "p", text, "note"));
  data.sections.forEach((section, s) => {
    add(page, "h2", section.heading);
    add(page, "p", section.text);
    const charts = add(page, "div", undefined, "charts");
    section.charts.forEach((chart, c) => {
      if (chart.kind === "BARS") chart.series.forEach(each => colour(each.name));
      const figure = add(charts, "figure");
      add(figure, "figcaption", chart.title);
      const plot = add(figure, "div", undefined, "plot");
      plot.style.height = (chart.kind === "BARS" ? 300 : 64 + 19 * chart.series.length) + "px";
      add(plot, "canvas").dataset.chart = s + " " + c;
    });
  });
  data.tables.forEach(table => {
    add(page, "h2", table.heading);
    const body = add(add(page, "div", undefined, "scroll"), "table");
    const isNumber = i => table.rows.every(row => /^(-?[\d,.]+.*|)$/.test(row[i]));
    const line = (tag, cells) => {
      const row = add(body, "tr");
      cells.forEach((text, i) => add(row, tag, text, isNumber(i) ? "number" : ""));
    };
    line("th", table.head);
    table.rows.forEach(row => line("td", row));
  });
  draw();
  dark.addEventListener("change", draw);
})();
