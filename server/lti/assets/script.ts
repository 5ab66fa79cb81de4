/**
 * The one script of the LTI pages, served as a file because the content security policy allows no inline code. What it
 * should do stands in data attributes of the page:
 * - login: find out whether this browser keeps our cookie in this frame; else put the binding into the platform's
 *   storage, where it offers one; else show the way into a new window.
 * - launch: fetch the binding from the platform's storage and send the launch on with it.
 * - deep-link-response, registered: send the answer back to the platform.
 */
export const pageScript = `'use strict';
(function () {
  var page = document.body.dataset;

  function show(id) {
    document.querySelectorAll('[data-part]').forEach(function (part) {
      part.hidden = part.dataset.part !== id;
    });
  }

  // LTI client-side postMessage: ask the frame that the platform named, and only believe that platform's origin.
  function askStorage(message, done) {
    var host = window.opener && window.parent === window ? window.opener : window.parent;
    var target = host;
    try {
      if (page.storageTarget !== '_parent') target = host.frames[page.storageTarget] || host;
    } catch (error) {
      target = host;
    }
    var id = 'waymark-' + Math.random().toString(36).slice(2);
    var timer = setTimeout(function () { finish(undefined); }, 3000);
    function finish(reply) {
      clearTimeout(timer);
      window.removeEventListener('message', receive);
      done(reply);
    }
    function receive(event) {
      if (event.origin !== page.storageOrigin || !event.data || event.data.message_id !== id) return;
      if (event.data.subject !== message.subject + '.response') return;
      finish(event.data.error ? undefined : event.data);
    }
    window.addEventListener('message', receive);
    target.postMessage(Object.assign({ message_id: id }, message), page.storageOrigin);
  }

  var steps = {
    login: function () {
      function go() { location.replace(page.next); }
      function withoutCookies() {
        if (!page.storageTarget) return show('window');
        askStorage({ subject: 'lti.put_data', key: page.storageKey, value: page.storageValue }, function (reply) {
          if (reply && reply.value === page.storageValue) go();
          else show('window');
        });
      }
      fetch(page.probe, { credentials: 'same-origin', cache: 'no-store' })
        .then(function (response) { return response.json(); })
        .then(function (answer) { if (answer.isKept) go(); else withoutCookies(); })
        .catch(withoutCookies);
    },
    launch: function () {
      askStorage({ subject: 'lti.get_data', key: page.storageKey }, function (reply) {
        if (!reply || typeof reply.value !== 'string') return show('failed');
        var form = document.forms[0];
        form.elements.binding.value = reply.value;
        form.submit();
      });
    },
    'deep-link-response': function () { document.forms[0].submit(); },
    registered: function () {
      (window.opener || window.parent).postMessage({ subject: 'org.imsglobal.lti.close' }, '*');
    },
  };

  var close = document.getElementById('close');
  if (close) close.addEventListener('click', steps.registered);
  var step = steps[page.step];
  if (step) step();
})();
`;
