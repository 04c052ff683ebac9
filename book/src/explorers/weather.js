'use strict';

// The weather explorer in the page: the drawn storm becomes one that the reader makes. What it shows is
// computed by weather-model.js and weather-drawing.js.
(function weatherExplorer() {
    const figure = document.getElementById('explorer-weather');
    const result = figure.querySelector('.explorer-result');
    const quiet = figure.querySelector('.explorer-quiet');
    const command = figure.querySelector('.command');
    const again = figure.querySelector('button.again');
    const sliders = [...figure.querySelectorAll('input')];
    let seed = Number(again.dataset.seed);

    // mdBook turns pages with the arrow keys and opens its search with others; not from in here.
    figure.addEventListener('keydown', event => event.stopPropagation());

    function setting() {
        const chosen = { seed };
        for (const slider of sliders) {
            chosen[slider.name] = Number(slider.value);
        }
        return chosen;
    }

    function show() {
        const chosen = setting();
        for (const slider of sliders) {
            slider.previousElementSibling.textContent = slider.value + ' ' + slider.dataset.unit;
            slider.setAttribute('aria-valuetext', slider.value + ' ' + slider.dataset.unit);
        }
        const isOpen = result.querySelector('details').open;
        const drawn = WeatherDrawing.draw(chosen);
        result.innerHTML = drawn.html;
        result.querySelector('details').open = isOpen;
        again.previousElementSibling.textContent = String(seed);
        let same = command.dataset.copy;
        for (const option of command.querySelectorAll('[data-name]')) {
            const name = option.dataset.name;
            option.textContent = '--' + name + ' ' + chosen[name];
            same = same.replace(new RegExp('--' + name + ' \\d+'), option.textContent);
        }
        command.dataset.copy = same;
        command.lastElementChild.setAttribute('aria-label', 'Copy the command: ' + same);
        return drawn.told;
    }

    // Screen readers hear the outcome when the choice is made, and not each step of a slider on its way.
    for (const slider of sliders) {
        slider.addEventListener('input', show);
        slider.addEventListener('change', () => {
            quiet.textContent = show();
        });
    }
    again.addEventListener('click', () => {
        seed += 1;
        quiet.textContent = 'Seed ' + seed + '. ' + show();
    });

    for (const hidden of figure.querySelectorAll('[hidden]')) {
        hidden.hidden = false;
    }
    // A browser keeps what was chosen before the page was loaded again.
    show();
})();
