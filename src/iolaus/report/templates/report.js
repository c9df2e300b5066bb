// Draws each campaign's two charts when they come near the window, and sorts tables of accounts.
(function () {
  "use strict";
  var charts = JSON.parse(document.getElementById("charts").textContent);
  var drawn = [];
  var family = getComputedStyle(document.body).fontFamily;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function ink(name) {
    return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  }
  function count(n) { return n.toLocaleString("en-US"); }
  function escaped(text) {
    var holder = document.createElement("span");
    holder.textContent = text;
    return holder.innerHTML;
  }
  function tooltip(formatter) {
    return {
      confine: true, backgroundColor: ink("card"), borderColor: ink("line"),
      textStyle: { color: ink("ink"), fontSize: 13 }, formatter: formatter
    };
  }

  function timelineOption(line, width) {
    var narrow = width < 560;
    function band(phase, i) {
      var label = phase[0].replace(/_/g, " ");
      return [
        { name: label, xAxis: phase[1], itemStyle: { color: i % 2 ? "transparent" : ink("phase") } },
        { xAxis: phase[2] }
      ];
    }
    // Labels stand at midnights: a whole number of days apart, as many as fit.
    var perDay = Math.max(1, line.n_bars_a_day), room = narrow ? 4 : 9;
    var every = perDay * Math.ceil(line.labels.length / perDay / room);
    var hours = line.labels.length < 3 * perDay;
    if (hours) { every = Math.ceil(line.labels.length / room); }
    function mark(pivot) {
      return { name: pivot[0], xAxis: pivot[1], label: { formatter: "to " + pivot[0] } };
    }
    return {
      animation: false,
      textStyle: { fontFamily: family },
      grid: { left: 8, right: 12, top: line.pivots.length ? 64 : 34, bottom: 8, containLabel: true },
      tooltip: Object.assign(tooltip(function (rows) {
        var i = rows[0].dataIndex;
        return escaped(line.labels[i]) + "<br>" + count(line.n_exchanges[i]) + " exchanges<br>" +
          count(line.n_accounts[i]) + " accounts";
      }), { trigger: "axis", axisPointer: { type: "shadow" } }),
      xAxis: {
        type: "category", data: line.labels, axisTick: { show: false, interval: 0 },
        axisLine: { lineStyle: { color: ink("line") } },
        axisLabel: {
          color: ink("soft"), hideOverlap: true, lineHeight: 15,
          interval: function (i) { return (i - line.first_midnight) % every === 0; },
          formatter: function (label) { return label.replace(/ (\d\d:\d\d)$/, hours ? "\n$1" : ""); }
        }
      },
      yAxis: {
        type: "value", splitNumber: 4, splitLine: { lineStyle: { color: ink("line") } },
        axisLabel: { color: ink("soft"), formatter: count }
      },
      series: [{
        type: "bar", name: "exchanges", data: line.n_exchanges, barCategoryGap: "12%",
        itemStyle: { color: ink("bar") },
        markArea: {
          silent: true, data: line.phases.map(band),
          label: { color: ink("soft"), fontSize: 12, position: [4, -20], width: narrow ? 110 : 240, overflow: "truncate" }
        },
        markLine: {
          silent: true, symbol: "none", animation: false, data: line.pivots.map(mark),
          lineStyle: { color: ink("for"), width: 2, type: "dashed" },
          label: {
            color: ink("for"), fontWeight: 600, position: "end", rotate: 0, distance: 30
          }
        }
      }]
    };
  }

  var SHAPES = { extractor: "circle", mixed: "diamond", member: "circle", none: "circle" };

  function dotOf(dot) {
    var hollow = dot.role === "member" || dot.role === "none";
    var hue = ink(hollow ? "member" : dot.role);
    return {
      x: dot.x, y: dot.y, name: dot.name, told: dot, symbol: SHAPES[dot.role],
      symbolSize: dot.role === "mixed" ? 10 : 8,
      itemStyle: { color: hollow ? ink("card") : hue, borderColor: hue, borderWidth: hollow ? 1.5 : 0 }
    };
  }

  function pictureOption(picture, width) {
    var narrow = width < 560;
    var hubs = picture.hubs.map(function (hub) {
      return {
        x: hub.x, y: hub.y, hub: hub, symbol: "rect", symbolSize: 9,
        itemStyle: { color: ink("ink") }
      };
    });
    // A label stands outside its disc, on the side away from the middle, where it hides nothing.
    var labels = picture.hubs.map(function (hub) {
      var longest = narrow ? 16 : 30;
      var name = hub.name.length > longest ? hub.name.slice(0, longest - 1) + "\u2026" : hub.name;
      return {
        x: hub.x, y: hub.y + (hub.y > 0.1 ? hub.radius : -hub.radius), symbol: "rect", symbolSize: 1, silent: true,
        itemStyle: { color: "transparent" },
        label: {
          show: true, position: hub.y > 0.1 ? "bottom" : "top", formatter: name + "  " + count(hub.n_accounts),
          color: ink("ink"), fontSize: narrow ? 11 : 13, fontWeight: 600
        }
      };
    });
    var middle = { x: 0, y: 0, symbol: "rect", symbolSize: 1, silent: true, itemStyle: { color: "transparent" } };
    var links = picture.dots.map(function (dot, i) { return { source: hubs.length + i, target: dot.hub }; });
    if (hubs.length > 1) {
      var centre = hubs.length + picture.dots.length;
      hubs.forEach(function (_, i) {
        links.push({ source: i, target: centre, lineStyle: { width: 2, opacity: 0.6 } });
      });
    }
    // Hubs come first in the data, so that links can name them; z lifts their labels.
    return {
      animation: false,
      textStyle: { fontFamily: family },
      tooltip: tooltip(function (at) {
        if (at.dataType === "edge") { return ""; }
        if (at.data.hub) { return escaped(at.data.hub.name) + ": " + count(at.data.hub.n_accounts) + " accounts"; }
        var dot = at.data.told;
        return "<b>" + escaped(dot.name) + "</b><br>" + dot.role + "<br>" + count(dot.n_exchanges) +
          " exchanges, " + Math.round(dot.campaign_share * 100) + " % of the campaign";
      }),
      series: [{
        type: "graph", layout: "none", preserveAspect: "contain", roam: false,
        left: narrow ? 40 : 60, right: narrow ? 40 : 60, top: 30, bottom: 30,
        data: hubs.concat(picture.dots.map(dotOf), [middle], labels), links: links,
        lineStyle: { color: ink("quiet"), width: 1, opacity: 0.28 },
        emphasis: { disabled: true }
      }]
    };
  }

  function option(box, width) {
    var found = charts[Number(box.dataset.campaign)];
    return box.dataset.chart === "timeline" ? timelineOption(found.timeline, width) : pictureOption(found.picture, width);
  }
  function draw(box) {
    var chart = echarts.init(box, null, { renderer: "svg" });
    chart.setOption(option(box, box.clientWidth), true);
    drawn.push({ box: box, chart: chart });
  }
  function redraw() {
    drawn.forEach(function (one) {
      one.chart.resize();
      one.chart.setOption(option(one.box, one.box.clientWidth), true);
    });
  }
  var pending = 0;
  window.addEventListener("resize", function () {
    clearTimeout(pending);
    pending = setTimeout(redraw, 120);
  });
  dark.addEventListener("change", redraw);

  var boxes = document.querySelectorAll("[data-chart]");
  var near = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) { near.unobserve(entry.target); draw(entry.target); }
    });
  }, { rootMargin: "600px" });
  boxes.forEach(function (box) { near.observe(box); });
  window.addEventListener("beforeprint", function () {
    boxes.forEach(function (box) {
      if (!echarts.getInstanceByDom(box)) { near.unobserve(box); draw(box); }
    });
  });

  function keyOf(row, column) {
    var cell = row.cells[column];
    return cell.dataset.value === undefined ? cell.textContent : Number(cell.dataset.value);
  }
  function sortBy(head) {
    var table = head.closest("table"), body = table.tBodies[0], column = head.cellIndex;
    var rows = Array.from(body.rows);
    var numeric = rows.length > 0 && typeof keyOf(rows[0], column) === "number";
    var now = head.getAttribute("aria-sort");
    var up = now ? now === "descending" : !numeric;
    rows.sort(function (a, b) {
      var x = keyOf(a, column), y = keyOf(b, column);
      var order = numeric ? x - y : String(x).localeCompare(String(y));
      return up ? order : -order;
    });
    table.querySelectorAll("th[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    rows.forEach(function (row) { body.appendChild(row); });
  }
  document.querySelectorAll("th button").forEach(function (button) {
    button.addEventListener("click", function () { sortBy(button.closest("th")); });
  });
})();
